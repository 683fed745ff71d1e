// Noun: what model.json says of the images and classes of its model: all that an exact evaluation needs besides the weights.
import type { ImageShape, Interpolation, NormalizePlan } from '../../compiler/plan/plan.ts';

/** `userDefinedMetadata.tlp` of model.json. */
export interface ModelMetadata {
  /** Class names, in the order of the outputs. */
  readonly classes: readonly string[];
  /** What the network sees: height x width x channels, in pixels. */
  readonly image: ImageShape;
  /** What an image is brought to before it is resized to `image`: the size of the source's images. */
  readonly source_image: ImageShape;
  readonly resize: { readonly interpolation: Interpolation; readonly antialias: boolean };
  /** From bytes to the network's input, after resizing. */
  readonly normalize: NormalizePlan;
}
