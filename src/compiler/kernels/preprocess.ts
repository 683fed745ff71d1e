// Noun: the preprocess program. All geometry of a sample composes into one affine map, all colour into one colour map; then come
// the steps that mix several images.

import type { BatchStepName } from '../leaf/batch-steps.ts';
import type { ImageShape } from '../plan/plan.ts';
import type { TrainableAugment } from '../plan/trainable.ts';

/** Axis order of the batch that the kernel writes: `nhwc` (tfjs, Keras) or `nchw` (ONNX convolutions). */
export type BatchLayout = 'nhwc' | 'nchw';

/** A random step that looks at several images of a batch. */
export type BatchStep = Extract<TrainableAugment, { readonly kind: BatchStepName }>;

/** A random step that looks at one image. */
export type ImageStep = Exclude<TrainableAugment, BatchStep>;

/** What happens to each image on its way into the batch. Plain JSON: it crosses threads and is printed. */
export interface PreprocessProgram {
  readonly source: ImageShape;
  readonly output: ImageShape;
  readonly layout: BatchLayout;
  readonly interpolation: 'nearest' | 'bilinear';
  /** Widen the sampling triangle when shrinking. */
  readonly antialias: boolean;
  /** Random steps on one image, in file order: the fused kernel. Empty for evaluation. */
  readonly augment: readonly ImageStep[];
  /** Random steps on the whole batch, in file order, after all those on one image. Empty for evaluation. */
  readonly batch: readonly BatchStep[];
  /** out[c] = in[order[c]] * scale[c] + offset[c] on values 0..255, after grey to RGB where channels differ. */
  readonly order: readonly number[];
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}
