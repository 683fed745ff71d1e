// A real pretrained backbone: MobileNetV2 as the package nsfwjs carries it, quantized to bytes. Expected numbers are tfjs' own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { writeNsfwModel } from '../../support/nsfw-model.ts';
import { image, runPlan } from '../../support/run-plan.ts';
import { tf } from '../../support/tfjs.ts';
import { featuresOf, frozen } from '../../support/weights-fixture.ts';

const pretrained = suite('pretrained MobileNetV2');
const folder = mkdtempSync(join(tmpdir(), 'tlp-pretrained-'));
pretrained.after(() => rmSync(folder, { recursive: true }));

const size = 64;
const model = writeNsfwModel(folder);
const path = join(folder, 'model.json');
const run = frozen(
  runPlan(
    { kind: 'known', name: 'mobilenetv2', weights: { kind: 'file', path, range: null, skip_mismatch: false } },
    image(size),
  ),
);
const layers = buildRunLayers(run, '/runs/0').model;

const load = async () => {
  const result = await loadWeights(layers, path, { part: 'backbone', skipMismatch: false });
  if (result.kind === 'refused') throw new Error([result.message, ...result.details].join('\n'));
  return result;
};

/** What tfjs reads from the files. */
const theirTensors = async (): Promise<tf.NamedTensorMap> => {
  const specs = model.weightsManifest[0]!.weights as tf.io.WeightsManifestEntry[];
  return tf.io.decodeWeights(new Uint8Array(readFileSync(join(folder, 'weights.bin'))).buffer, specs);
};

/** tfjs' own model of the trunk, for images of `size`: what follows pools 7x7 maps. */
const theirTrunk = async () => {
  await tf.setBackend('cpu');
  const topology = JSON.parse(JSON.stringify(model.modelTopology).replace('224,224,3', `${size},${size},3`));
  const { config } = topology.model_config;
  const end = config.layers.findIndex(({ name }: { name: string }) => name === 'out_relu');
  config.layers = config.layers.slice(0, end + 1);
  config.output_layers = [['out_relu', 0, 0]];
  const trunk = await loadLayersModel({ load: async () => ({ modelTopology: topology }) });
  const tensors = await theirTensors();
  for (const layer of trunk.layers) {
    const names = layer.weights.map(({ originalName }) => originalName);
    layer.setWeights(names.map((name) => tensors[name]!));
  }
  return trunk;
};

pretrained('every tensor of the trunk is what tfjs reads', async () => {
  const { weights, by, unused } = await load();
  assert.equal([by, weights.size, unused], ['name', 260, ['dense_1', 'dense_2', 'dense_3']]);
  const wanted = await theirTensors();
  for (const [name, values] of weights) assert.equal(values, wanted[name]!.dataSync(), name);
});

pretrained('the trunk computes what tfjs does', async () => {
  const { weights } = await load();
  const images = Float32Array.from({ length: size * size * 3 }, (_, i) => 0.5 + 0.5 * Math.sin(i * 1.3));
  const map = (await theirTrunk()).predict(tf.tensor4d(images, [1, size, size, 3])) as tf.Tensor;
  const wanted = await tf.mean(map, [1, 2]).data();
  const ours = await featuresOf(run, weights, images);
  assert.is(ours.length, 1280);
  const largest = Math.max(...wanted);
  assert.ok(largest > 0.5, 'the network is awake');
  const off = Math.max(...ours.map((value, i) => Math.abs(value - wanted[i]!))) / largest;
  assert.ok(off < 1e-4, `${off}`);
});

pretrained.run();
