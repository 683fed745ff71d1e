// Noun: one run of the plan, compiled: all that the runtime needs to train it.
import type { BatchLayout, PreprocessProgram } from './kernels/preprocess.ts';
import type { LayersModel } from './layers/layers.ts';
import type { Trained } from './layers/trained.ts';
import type { FeatureInput, MaskInput, StepProgram } from './onnx/step-program.ts';
import type { StagePlan } from './plan/plan.ts';
import type { TrainableRun } from './plan/trainable.ts';

/** What an engine wants to be made for it. ONNX programs take batches channels first. */
export type Target =
  | { readonly layout: 'nchw'; readonly program: true }
  | { readonly layout: BatchLayout; readonly program: false };

/** One stage: its plan, what it trains, what it is fed, and for engines that want one its ONNX program. */
export interface CompiledStage {
  readonly plan: StagePlan;
  /** Names of the frozen layers. */
  readonly frozen: readonly string[];
  /** The weights that it changes; all others stay as they are. */
  readonly trained: Trained;
  readonly classes: number;
  /** Weight of each class in the training loss; null: all 1. */
  readonly classWeights: readonly number[] | null;
  /** Axis order of the images that it is fed. */
  readonly layout: BatchLayout;
  /** Dropout masks that a train batch brings along. */
  readonly masks: readonly MaskInput[];
  /** What the constant prefix gives, enough to train without images; null where there is none. */
  readonly features: readonly FeatureInput[] | null;
  /** The layers that give the features, where these are worth keeping for each image; else null. */
  readonly frontier: readonly string[] | null;
  /** Multiply-adds of a train step of a whole batch, behind the constant prefix. */
  readonly stepWork: number;
  readonly program: StepProgram | null;
}

/** One run, compiled. The stages share the model; they differ in what trains and by which optimizer. */
export interface CompiledRun {
  readonly plan: TrainableRun;
  readonly model: LayersModel;
  readonly stages: readonly CompiledStage[];
  /** What happens to an image on its way into a batch: with augmentation, and without any random step. */
  readonly preprocess: { readonly train: PreprocessProgram; readonly evaluate: PreprocessProgram };
  /** The fused kernels of both, as `emitKernel` writes them. */
  readonly kernels: { readonly train: string; readonly evaluate: string };
}
