// Verb: a run → what prediction needs of it: the graph, its state, and how images are prepared. Pure.
import type { Graph } from './graph/graph.ts';
import { buildPreprocess } from './kernels/build-preprocess.ts';
import { fixedColour } from './kernels/fixed-colour.ts';
import type { LayersModel } from './layers/layers.ts';
import type { ImagePreparation } from './onnx/encode-images.ts';
import { guardPadding } from './onnx/guard-padding.ts';
import { runPasses } from './passes.ts';
import type { ImageShape, RunPlan } from './plan/plan.ts';
import type { StateTensor } from './training/state-tensor.ts';

export interface CompiledInference {
  /** Inputs `images` (float32, N x C x H x W, normalized) and weights; output `probabilities`. */
  readonly graph: Graph;
  /** The weights, each with its place in the graph. */
  readonly state: readonly StateTensor[];
  readonly preparation: ImagePreparation;
}

/** `source`: size of the training's images. Nothing trains, so no weight changes and no graph is cut off. */
export const compileInference = (run: RunPlan, model: LayersModel, source: ImageShape): CompiledInference => {
  const [stage] = run.stages;
  if (stage === undefined) throw new Error(`run "${run.name}" has no stage`);
  const frozen = new Set(model.layers.map(({ name }) => name));
  const trained = { trainable: new Set<string>(), moving: new Set<string>() };
  const { predict, state } = runPasses({ model, stage, frozen, trained, prefix: null, classWeights: null });
  const program = buildPreprocess({ data: run.data, augment: [] }, 'evaluate', 'nchw', source);
  const { output, interpolation, antialias } = program;
  const preparation = { source, output, interpolation, antialias, colour: fixedColour(program) };
  return { graph: guardPadding(predict), state, preparation };
};
