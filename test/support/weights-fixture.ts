// The small network of keras-weights/fixtures.py as tlp builds it, and what Keras computes with it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import type { Layer } from '../../src/compiler/layers/layers.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { topologyOf } from '../../src/compiler/layers/topology.ts';
import type { LayerPlan, RunPlan } from '../../src/compiler/plan/plan.ts';
import type { Weights } from '../../src/runtime/engine/engine.ts';
import { toGraph } from '../../src/runtime/engine/onnx/layout.ts';
import type { ModelFiles } from '../../src/runtime/run-folder/run-folder.ts';
import { loadGraph } from './run-graph.ts';
import { image, layer, own, runPlan } from './run-plan.ts';
import { channelsFirst } from './runner.ts';

export const fixture = (name: string): string => fileURLToPath(new URL(`./keras-weights/${name}`, import.meta.url));

interface Expected {
  readonly keras: string;
  /** Height, width, channels. */
  readonly images: readonly number[];
  /** Of the trunk, averaged over its map. */
  readonly features: readonly number[];
  readonly probabilities: readonly number[];
  /** By Keras 3's names. */
  readonly sums: Readonly<Record<string, number>>;
}

export const expected: Expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8'));

const plainNorm = layer.batchNorm() as Extract<LayerPlan, { kind: 'batch_normalization' }>;

const trunk: readonly LayerPlan[] = [
  layer.conv(4, 3, { activation: 'relu', name: 'stem' }),
  layer.batchNorm(),
  layer.depthwise(3, { use_bias: false }),
  { ...plainNorm, scale: false },
  layer.separable(5, 3),
  layer.activation('relu'),
];

const head = [layer.gap(), layer.dense(3, { activation: 'softmax', name: 'predictions' })];

/** The network of fixtures.py, its trunk frozen; `change` replaces layers of the trunk. */
export const fixtureRun = (
  change: (layers: readonly LayerPlan[]) => readonly LayerPlan[] = (layers) => layers,
): RunPlan => frozen(runPlan(own(...change(trunk)), image(8), head));

/** The run with its backbone frozen. */
export const frozen = (run: RunPlan): RunPlan => ({
  ...run,
  stages: run.stages.map((stage) => ({
    ...stage,
    freeze: { kind: 'backbone', count: null, except: null, batch_norm: 'inference' },
  })),
});

/** What a run folder says of the network of a run. */
export const modelFilesOf = (run: RunPlan): ModelFiles => {
  const { model } = buildRunLayers(run, '/runs/0');
  const { image: size, resize, normalize } = run.data;
  return {
    topology: topologyOf(model),
    weights: model.layers.flatMap((each) => each.weights),
    generatedBy: 'tlp test',
    metadata: { classes: ['a', 'b', 'c'], image: size, source_image: size, resize, normalize },
  };
};

/** Dropout inside a backbone would end its frozen part. */
const withoutDropout = (each: Layer): Layer => (each.class_name === 'Dropout' ? { ...each, rate: 0 } : each);

/** What the frozen part of the network gives for images, channels last, with these weights. */
export const featuresOf = async (run: RunPlan, weights: Weights, images: Float32Array): Promise<Float32Array> => {
  const { model, ...rest } = buildRunLayers(run, '/runs/0');
  const layers = { ...rest, model: { ...model, layers: model.layers.map(withoutDropout) } };
  const { prefix, state } = buildStageGraphs(layers, run.stages[0]!, 0);
  if (!prefix) throw new Error('nothing is frozen');
  const { height, width, channels } = run.data.image;
  const count = images.length / (height * width * channels);
  const { run: forward, close } = await loadGraph(prefix, count);
  const feeds = Object.fromEntries(
    state.flatMap((tensor) => {
      const values = tensor.weight === null ? undefined : weights.get(tensor.weight);
      return values ? [[tensor.name, toGraph(tensor, values)] as const] : [];
    }),
  );
  const [output] = Object.values(await forward({ ...feeds, images: channelsFirst(run, images) }));
  await close();
  return output!;
};
