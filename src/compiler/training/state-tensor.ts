// Nouns: what lives between steps, what is fed to each step besides the batch, and how a step's outputs are named after both.

/** A tensor that lives between steps: a weight, a batch-norm statistic, or an optimizer slot. */
export interface StateTensor {
  /** Name of the graph input; the train step's new value is the output `nextOf(name)`. */
  readonly name: string;
  /** Shape inside the graph. */
  readonly shape: readonly number[];
  /** The Keras weight it holds, null for an optimizer slot. */
  readonly weight: string | null;
  /** Axes of the Keras layout in the order of the graph's layout; null: the same order. */
  readonly permutation: readonly number[] | null;
  /** Keras' shape of the weight, or a finer view of it (before the permutation). */
  readonly keras_shape: readonly number[];
  /** The train step writes it. Frozen weights are never updated. */
  readonly updated: boolean;
  /** Value before the first step, for slots. Weights come from outside. */
  readonly initial: number;
}

/** A dropout mask fed with each train batch: 0 with probability `rate`, else 1 / (1 - rate). */
export interface MaskInput {
  readonly name: string;
  /** Shape after the batch axis. */
  readonly shape: readonly number[];
  readonly rate: number;
}

/** A value that the constant prefix gives and the other graphs take, for each image. */
export interface FeatureInput {
  readonly name: string;
  /** Shape after the batch axis. */
  readonly shape: readonly number[];
}

/** One weight that the optimizer changes. */
export interface WeightUpdate {
  /** State tensor of the weight; its gradient is the output `gradientOf(name)`. */
  readonly name: string;
  /** State tensors of the optimizer by slot name. */
  readonly slots: Readonly<Record<string, string>>;
  /** Multiplies the learning rate (the backbone's factor against the head). */
  readonly rate: number;
}

const NEXT = ':next';
const GRADIENT = ':gradient';

/** Name of the output that holds the next value of a state tensor. */
export const nextOf = (state: string): string => `${state}${NEXT}`;

/** Name of the output that holds the (clipped) gradient of a weight's state tensor. */
export const gradientOf = (state: string): string => `${state}${GRADIENT}`;

/** What an output of a step holds of a state tensor. */
export interface WrittenState {
  /** Name of the state tensor. */
  readonly state: string;
  readonly holds: 'next' | 'gradient';
}

/** Reads the name of an output back; null for one that belongs to no state tensor (`loss`, `correct`). */
export const writtenState = (output: string): WrittenState | null => {
  if (output.endsWith(NEXT)) return { state: output.slice(0, -NEXT.length), holds: 'next' };
  if (output.endsWith(GRADIENT)) return { state: output.slice(0, -GRADIENT.length), holds: 'gradient' };
  return null;
};
