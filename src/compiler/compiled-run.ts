// Noun: one run of the plan, compiled: all that the runtime needs to train it.
import type { PreprocessProgram } from './kernels/preprocess.ts';
import type { LayersModel } from './layers/layers.ts';
import type { StepProgram } from './onnx/step-program.ts';
import type { RunPlan, StagePlan } from './plan/plan.ts';

/** One stage: its plan, the layers that keep their weights, and the graphs that the engine runs. */
export interface CompiledStage {
  readonly plan: StagePlan;
  /** Names of the frozen layers. */
  readonly frozen: readonly string[];
  readonly program: StepProgram;
}

/** One run, compiled. The stages share the model; their programs differ in what trains and by which optimizer. */
export interface CompiledRun {
  readonly plan: RunPlan;
  readonly model: LayersModel;
  readonly stages: readonly CompiledStage[];
  /** What happens to an image on its way into a batch: with augmentation, and without any random step. */
  readonly preprocess: { readonly train: PreprocessProgram; readonly evaluate: PreprocessProgram };
  /** The fused kernels of both, as `emitKernel` writes them. */
  readonly kernels: { readonly train: string; readonly evaluate: string };
}
