// Noun: what layers take, give and hold: shapes and weights.
import type { InitializerPlan, RegularizerPlan } from '../plan/plan.ts';

/** Output shape without the batch axis: [height, width, channels] or [features]. */
export type LayerShape = readonly number[];

/** A weight in Keras' own layout (conv kernel: height, width, in, out; dense: in, out). */
export interface Weight {
  /** `<layer>/<variable>`, as in Keras weight files without `:0`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** `statistic`: moving mean and variance of batch norm, never trained by gradient. */
  readonly kind: 'trainable' | 'statistic';
  readonly initializer: InitializerPlan;
  readonly regularizer: RegularizerPlan | null;
}

/** Number of values of one sample. */
export function count(shape: LayerShape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Features, or channels of a map. */
export function channelsOf(shape: LayerShape): number {
  return shape[shape.length - 1] ?? 1;
}
