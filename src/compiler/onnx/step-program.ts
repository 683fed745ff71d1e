// Noun: what the engine runs for one stage: ONNX graphs that share weights, and how state moves between steps.
import type { OptimizerPlan } from '../plan/plan.ts';
import type { FeatureInput, MaskInput, StateTensor, WeightUpdate } from '../training/state-tensor.ts';

export type { FeatureInput, MaskInput, StateTensor, WeightUpdate };

/** A dynamic first axis (the batch) is free in each graph: a short last batch is counted exactly. */
export interface StepProgram {
  readonly state: readonly StateTensor[];
  /**
   * The constant part below the freeze frontier, or null. ONNX bytes whose `weights` (names of state tensors) must be bound as
   * initializers (`bindInitializers`) before loading. Input `images`; its outputs, the `features`, are inputs of the other graphs.
   */
  readonly prefix: {
    readonly model: Uint8Array;
    readonly weights: readonly string[];
    readonly features: readonly FeatureInput[];
  } | null;
  /**
   * ONNX bytes. Inputs: `images` (or the prefix's outputs), `labels` (one row of class shares an image), state, and for `train` the masks,
   * `learning_rate` and `iteration` (1 for the first step). Outputs: `loss` (mean over the batch, with penalties for `train`), `correct` (count);
   * `train` adds `nextOf(state)`; `predict` gives `probabilities` only and takes no labels.
   * `train` is null when nothing trains.
   */
  readonly train: Uint8Array | null;
  /**
   * The same step without the optimizer: outputs `gradientOf(weight)` (clipped) and `nextOf(statistic)`. The engine then applies
   * `optimizer` to `weights` in place, which on a CPU is several times faster than a dozen passes over every weight.
   */
  readonly gradients: {
    readonly model: Uint8Array;
    readonly optimizer: OptimizerPlan;
    readonly weights: readonly WeightUpdate[];
  } | null;
  /** Names of train nodes that WebGPU cannot run (pooling that also gives the positions of its maxima); the CPU does. */
  readonly cpuNodes: readonly string[];
  readonly evaluate: Uint8Array;
  readonly predict: Uint8Array;
}
