// Noun: a layer of the plan, with every parameter. All of it follows from the table of layers.
import type { activations, initializers, layers, paddings, regularizers } from '../vocabulary/layers.ts';
import type { PlanOf, Word } from '../vocabulary/word.ts';

export type Padding = keyof typeof paddings;

export type ActivationName = keyof typeof activations;

export type InitializerPlan = PlanOf<typeof initializers>;

/** Penalty added to the loss: l1 * sum|w| + l2 * sum w^2. */
export type RegularizerPlan = PlanOf<typeof regularizers>;

export type LayerKind = keyof typeof layers;

/** Kinds whose block holds branches. */
export type BranchKind = {
  [K in LayerKind]: (typeof layers)[K] extends Word & { readonly block: 'branches' } ? K : never;
}[LayerKind];

/** Kinds that stand alone. */
export type SimpleKind = Exclude<LayerKind, BranchKind>;

/** A layer that merges branches. Each starts from the layer before; an empty branch is that layer itself. */
export interface Branches {
  readonly branches: readonly (readonly LayerPlan[])[];
}

/** Sizes are [height, width]; `name` is that in the model, null: derived from kind and position as Keras does. */
export type LayerPlan = PlanOf<Pick<typeof layers, SimpleKind>> | (PlanOf<Pick<typeof layers, BranchKind>> & Branches);
