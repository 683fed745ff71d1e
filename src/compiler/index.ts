// The compiler behind the plan: one run to all that the runtime needs. Pure.
import type { CompiledRun, CompiledStage } from './compiled-run.ts';
import { buildPreprocess } from './kernels/build-preprocess.ts';
import { emitKernel } from './kernels/emit-kernel.ts';
import { buildLayers } from './layers/build-layers.ts';
import { frozenLayers, movingStatistics, trainableWeights } from './layers/freeze.ts';
import type { LayersModel } from './layers/layers.ts';
import type { LayerProblem } from './layers/problem.ts';
import { buildStepProgram } from './onnx/build-step-program.ts';
import { type PassOptions, runPasses } from './passes.ts';
import type { ImageShape, RunPlan, StagePlan } from './plan/plan.ts';
import type { Trained } from './training/trained.ts';
import type { TrainingGraphs } from './training/training-graphs.ts';

/** Layers and freeze policies of a run, checked. With problems the rest must not be used for training. */
export interface Network {
  readonly model: LayersModel;
  /** One entry a stage. */
  readonly stages: readonly { readonly frozen: ReadonlySet<string>; readonly trained: Trained }[];
  readonly problems: readonly LayerProblem[];
}

/** Builds the layers of a run and resolves the freeze policy of each stage. `at` is the JSON pointer of the run in the plan. */
export const buildNetwork = (run: RunPlan, at: string): Network => {
  const { model, problems } = buildLayers(run, at);
  const stages = run.stages.map((stage, index) => {
    const policy = frozenLayers(model, stage.freeze, `${at}/stages/${index}/freeze`);
    const names = (weights: readonly { readonly name: string }[]) => new Set(weights.map(({ name }) => name));
    const trained: Trained = {
      trainable: names(trainableWeights(model, policy.frozen, stage.freeze.batch_norm)),
      moving: names(movingStatistics(model, policy.frozen, stage.freeze.batch_norm)),
    };
    return { frozen: policy.frozen, trained, problems: policy.problems };
  });
  return { model, stages, problems: [...problems, ...stages.flatMap((stage) => stage.problems)] };
};

/** Training graphs of one stage, after all passes or after one. `classWeights` as the data has them, null for none. */
export const buildStageGraphs = (
  network: Network,
  stage: StagePlan,
  index: number,
  classWeights: readonly number[] | null = null,
  options: PassOptions = {},
): TrainingGraphs => {
  const trained = network.stages[index]?.trained;
  if (!trained) throw new Error(`the run has no stage ${index}`);
  return runPasses({ model: network.model, stage, trained, classWeights }, options);
};

/** What only the opened data can tell. */
export interface DataFacts {
  /** Size of the source's images, where the plan does not know it. */
  readonly sourceImage: ImageShape | null;
  /** Weight of each class in the loss; null: all count alike. */
  readonly classWeights: readonly number[] | null;
}

/** Compiles a run whose network has no problems. `verify`: the graphs behind every pass (`TLP_VERIFY=1`). */
export const compileRun = (
  run: RunPlan,
  network: Network,
  facts: DataFacts = { sourceImage: null, classWeights: null },
  options: Pick<PassOptions, 'verify'> = {},
): CompiledRun => {
  const stages = run.stages.map((plan, index): CompiledStage => {
    const graphs = buildStageGraphs(network, plan, index, facts.classWeights, options);
    return {
      plan,
      frozen: [...(network.stages[index]?.frozen ?? [])],
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
  return { plan: run, model: network.model, stages, preprocess, kernels };
};
