// Noun: what the engine runs for one stage: ONNX graphs that share weights, and how state moves between steps.
import type { BatchLayout } from '../kernels/preprocess.ts';

/** A tensor that lives between steps: a weight, a batch-norm statistic, or an optimizer slot. */
export interface StateTensor {
  /** Name of the graph input; the train step's new value is the output `<name>:next`. */
  readonly name: string;
  /** Shape inside the graph. */
  readonly shape: readonly number[];
  /** The Keras weight it holds, null for an optimizer slot. */
  readonly weight: string | null;
  /** Axes of the Keras layout in the order of the graph's layout; null: the same order. */
  readonly permutation: readonly number[] | null;
  /** Keras' shape of the weight (before the permutation). */
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

/** A dynamic first axis (the batch) is free in each graph: a short last batch is counted exactly. */
export interface StepProgram {
  readonly layout: BatchLayout;
  readonly classes: number;
  readonly state: readonly StateTensor[];
  readonly masks: readonly MaskInput[];
  /**
   * The constant part below the freeze frontier, or null. ONNX bytes whose `weights` (names of state tensors) must be bound as
   * initializers (`bindInitializers`) before loading. Input `images`; its outputs are inputs of the other graphs, instead of images.
   */
  readonly prefix: { readonly model: Uint8Array; readonly weights: readonly string[] } | null;
  /**
   * ONNX bytes. Inputs: `images` (or the prefix's outputs), `labels` (one row of class shares an image), state, and for `train` the masks,
   * `learning_rate` and `iteration` (1 for the first step). Outputs: `loss` (mean over the batch, with penalties for `train`), `correct` (count);
   * `train` adds `<state>:next`; `predict` gives `probabilities` only and takes no labels.
   * `train` is null when nothing trains.
   */
  readonly train: Uint8Array | null;
  /** Names of train nodes that WebGPU cannot run (pooling that also gives the positions of its maxima); the CPU does. */
  readonly cpuNodes: readonly string[];
  readonly evaluate: Uint8Array;
  readonly predict: Uint8Array;
}
