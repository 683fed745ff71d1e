// The compiler behind the plan: one run to all that the runtime needs. Pure.
import type { CompiledRun, CompiledStage } from './compiled-run.ts';
import { buildPreprocess } from './kernels/build-preprocess.ts';
import { emitKernel } from './kernels/emit-kernel.ts';
import type { RunLayers } from './layers/run-layers.ts';
import { buildStepProgram } from './onnx/build-step-program.ts';
import { type PassOptions, runPasses } from './passes.ts';
import type { ImageShape, RunPlan, StagePlan } from './plan/plan.ts';
import type { TrainingGraphs } from './training/training-graphs.ts';

/** Training graphs of one stage, after all passes or after one. `classWeights` as the data has them, null for none. */
export const buildStageGraphs = (
  layers: RunLayers,
  stage: StagePlan,
  index: number,
  classWeights: readonly number[] | null = null,
  options: PassOptions = {},
): TrainingGraphs => {
  const of = layers.stages[index];
  if (!of) throw new Error(`the run has no stage ${index}`);
  return runPasses({ model: layers.model, stage, trained: of.trained, prefix: of.prefix, classWeights }, options);
};

/** What only the opened data can tell. */
export interface DataFacts {
  /** Size of the source's images, where the plan does not know it. */
  readonly sourceImage: ImageShape | null;
  /** Weight of each class in the loss; null: all count alike. */
  readonly classWeights: readonly number[] | null;
}

/** Compiles a run whose layers have no problems. `verify`: the graphs behind every pass (`TLP_VERIFY=1`). */
export const compileRun = (
  run: RunPlan,
  layers: RunLayers,
  facts: DataFacts = { sourceImage: null, classWeights: null },
  options: Pick<PassOptions, 'verify'> = {},
): CompiledRun => {
  const stages = run.stages.map((plan, index): CompiledStage => {
    const graphs = buildStageGraphs(layers, plan, index, facts.classWeights, options);
    return {
      plan,
      frozen: [...(layers.stages[index]?.frozen ?? [])],
      program: buildStepProgram(graphs, plan.optimizer),
    };
  });
  const layout = stages[0]?.program.layout ?? 'nchw';
  const source = run.data.source_image ?? facts.sourceImage;
  const preprocess = {
    train: buildPreprocess(run, 'train', layout, source),
    evaluate: buildPreprocess(run, 'evaluate', layout, source),
  };
  const kernels = { train: emitKernel(preprocess.train), evaluate: emitKernel(preprocess.evaluate) };
  return { plan: run, model: layers.model, stages, preprocess, kernels };
};
