// Noun: the preprocess program. All geometry of a sample composes into one affine map, all colour into one colour map.
import type { AugmentPlan, ImageShape } from '../plan/plan.ts';

/** Axis order of the batch that the kernel writes: `nhwc` (tfjs, Keras) or `nchw` (ONNX convolutions). */
export type BatchLayout = 'nhwc' | 'nchw';

/** What happens to each image on its way into the batch. Plain JSON: it crosses threads and is printed. */
export interface PreprocessProgram {
  readonly source: ImageShape;
  readonly output: ImageShape;
  readonly layout: BatchLayout;
  readonly interpolation: 'nearest' | 'bilinear';
  /** Widen the sampling triangle when shrinking. */
  readonly antialias: boolean;
  /** Random steps in file order; empty for evaluation. */
  readonly augment: readonly AugmentPlan[];
  /** out[c] = in[order[c]] * scale[c] + offset[c] on values 0..255, after grey to RGB where channels differ. */
  readonly order: readonly number[];
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}
