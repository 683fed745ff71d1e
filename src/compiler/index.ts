// The compiler behind the plan: one run to all that the runtime needs. Pure.
import type { CompiledRun, CompiledStage, Target } from './compiled-run.ts';
import { buildPreprocess } from './kernels/build-preprocess.ts';
import { emitKernel } from './kernels/emit-kernel.ts';
import { stepFlopsOf } from './layers/cost.ts';
import type { LayersModel } from './layers/layers.ts';
import type { RunLayers } from './layers/run-layers.ts';
import { buildStepProgram } from './onnx/build-step-program.ts';
import { type PassOptions, runPasses } from './passes.ts';
import type { ImageShape, StagePlan } from './plan/plan.ts';
import type { TrainableRun } from './plan/trainable.ts';
import { dropoutMasks } from './training/dropout-masks.ts';
import type { TrainingGraphs } from './training/training-graphs.ts';

const stageOf = (layers: RunLayers, index: number): RunLayers['stages'][number] => {
  const stage = layers.stages[index];
  if (!stage) throw new Error(`the run has no stage ${index}`);
  return stage;
};

/** Training graphs of one stage, after all passes or after one. `classWeights` as the data has them, null for none. */
export const buildStageGraphs = (
  layers: RunLayers,
  stage: StagePlan,
  index: number,
  classWeights: readonly number[] | null = null,
  options: PassOptions = {},
): TrainingGraphs => {
  const { frozen, trained, prefix } = stageOf(layers, index);
  return runPasses({ model: layers.model, stage, frozen, trained, prefix, classWeights }, options);
};

/** What only the opened data can tell. */
export interface DataFacts {
  /** Size of the source's images, where the plan does not know it. */
  readonly sourceImage: ImageShape | null;
  /** Weight of each class in the loss; null: all count alike. */
  readonly classWeights: readonly number[] | null;
}

export interface CompileOptions extends Pick<PassOptions, 'verify'> {
  /** What the engine wants; default: ONNX programs. */
  readonly target?: Target | undefined;
}

/** The program of a stage, and what its constant prefix gives. */
const programOf = (graphs: TrainingGraphs, { optimizer }: StagePlan): Pick<CompiledStage, 'program' | 'features'> => {
  const program = buildStepProgram(graphs, optimizer);
  return { program, features: program.prefix?.features ?? null };
};

/** Units of the softmax layer, which is the last one. */
const classesOf = ({ layers }: LayersModel): number => layers.at(-1)?.output_shape.at(-1) ?? 0;

/** Compiles a run whose layers have no problems. `verify`: the graphs behind every pass (`TLP_VERIFY=1`). */
export const compileRun = (
  run: TrainableRun,
  layers: RunLayers,
  { sourceImage, classWeights }: DataFacts = { sourceImage: null, classWeights: null },
  { target = { layout: 'nchw', program: true }, ...options }: CompileOptions = {},
): CompiledRun => {
  const { model } = layers;
  const { layout } = target;
  const stages = run.stages.map((plan, index): CompiledStage => {
    const { frozen, trained, prefix } = stageOf(layers, index);
    const made = target.program
      ? programOf(buildStageGraphs(layers, plan, index, classWeights, options), plan)
      : { program: null, features: null };
    return {
      plan,
      frozen: [...frozen],
      trained,
      classes: classesOf(model),
      classWeights,
      layout,
      masks: dropoutMasks(model, frozen, layout),
      stepWork: plan.batch * (stepFlopsOf(model, frozen, plan.freeze.batch_norm) - (prefix?.multiply_adds ?? 0)),
      frontier: prefix?.cacheable ? prefix.features.map(({ layer }) => layer) : null,
      ...made,
    };
  });
  const source = run.data.source_image ?? sourceImage;
  const preprocess = {
    train: buildPreprocess(run, 'train', layout, source),
    evaluate: buildPreprocess(run, 'evaluate', layout, source),
  };
  const kernels = { train: emitKernel(preprocess.train), evaluate: emitKernel(preprocess.evaluate) };
  return { plan: run, model, stages, preprocess, kernels };
};
