// Noun: the loader prepares batches ahead in a worker while the step runs.
import type { PreprocessProgram } from '../../compiler/kernels/preprocess.ts';
import type { ClassChoice } from '../../compiler/leaf/class-choice.ts';
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import type { SourcePlan } from '../../compiler/plan/plan.ts';
import type { Batch } from '../engine/engine.ts';

export interface LoaderRequest {
  readonly source: SourcePlan;
  /** The classes that are kept; null: all. */
  readonly only_classes: ClassChoice | null;
  readonly classes: number;
  /** For training batches: augmentation included. */
  readonly train: PreprocessProgram;
  /** For evaluation: the same without any random step. */
  readonly evaluate: PreprocessProgram;
  /** The source of the fused kernel of each. */
  readonly kernels: { readonly train: string; readonly evaluate: string };
  readonly masks: readonly MaskInput[];
  /** Augmented views of each image, which the epochs take in turn; null: a new one in each epoch. */
  readonly views: number | null;
  /** Root seed of the run; augmentation and dropout take their own streams from it, by epoch and position. */
  readonly seed: number;
}

export interface Pass {
  readonly split: 'train' | 'test';
  /** Images in the order to visit. */
  readonly indices: Uint32Array;
  readonly batch: number;
  /** `train`: augmentation and masks of this epoch; `evaluate`: neither. */
  readonly mode: 'train' | 'evaluate';
  /** From 1; picks the random streams. */
  readonly epoch: number;
  /** Skip this many batches at the front (resume inside an epoch). */
  readonly skip: number;
}

/** Images of a split, told apart without decoding them. */
export interface Identified {
  /** 16 bytes an image. */
  readonly digests: Uint8Array;
  /** Class index of each. */
  readonly labels: Uint16Array;
}

export interface Loader {
  /** Batches in order, prepared ahead. Leaving the loop early cancels the rest. */
  batches(pass: Pass): AsyncIterable<Batch>;
  /** Digests and labels of these images, in this order. */
  identify(split: Pass['split'], indices: Uint32Array): Promise<Identified>;
  close(): Promise<void>;
}
