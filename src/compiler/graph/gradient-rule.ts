// Noun: a gradient rule.
import type { Builder, Formulas } from './builder.ts';
import type { OpName, OpOf } from './graph.ts';

/** What a rule sees. Gradients are value names of the same shape as their value. */
export interface GradientCall<K extends OpName> extends Call {
  readonly op: OpOf<K>;
}

/** What every rule sees. */
export interface Call {
  readonly b: Builder;
  readonly f: Formulas;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Gradient of the first output. */
  readonly dy: string;
  /** Which inputs need a gradient; others may be left undefined. */
  readonly wanted: readonly boolean[];
}

/** Gradients of the inputs; undefined: none flows (or none was wanted). */
export type InputGradients = readonly (string | undefined)[];

export type GradientRule<K extends OpName> = (call: GradientCall<K>) => InputGradients;
