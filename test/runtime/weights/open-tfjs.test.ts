// tfjs layers models: as tfjs itself saves them, in shards cut anywhere, quantized as its converter does.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { topologyOf } from '../../../src/compiler/layers/topology.ts';
import { loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { openWeightFile } from '../../../src/runtime/weights/open-weight-file.ts';
import { tf, tfjsModel } from '../../support/tfjs.ts';
import { expected, featuresOf, fixture, fixtureRun } from '../../support/weights-fixture.ts';

const models = suite('tfjs models');
const folder = mkdtempSync(join(tmpdir(), 'tlp-tfjs-'));
models.after(() => rmSync(folder, { recursive: true }));

const run = fixtureRun();
const { model } = buildRunLayers(run, '/runs/0');
const images = Float32Array.from(expected.images);

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: object;
}

/** What tfjs writes for the network with Keras' weights. */
const artifacts = async () => {
  const keras = await loadWeights(model, fixture('whole.h5'), { part: 'all', skipMismatch: false });
  if (keras.kind === 'refused') throw new Error(keras.message);
  const theirs = await tfjsModel(topologyOf(model));
  for (const layer of theirs.layers) {
    const values = layer.weights.map(({ originalName, shape }) => {
      const name = originalName.replace(/_\d+$/, (end) => (keras.weights.has(originalName) ? end : ''));
      return tf.tensor(keras.weights.get(name)!, shape as number[]);
    });
    layer.setWeights(values);
  }
  let saved: tf.io.ModelArtifacts | undefined;
  await theirs.save({
    save: async (given) => {
      saved = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return saved!;
};

/** Writes model.json with shards of `size` bytes, the last one shorter. */
const write = (name: string, topology: unknown, weights: readonly Spec[], bytes: Uint8Array, size: number): string => {
  const paths: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    paths.push(`${name}-${paths.length}.bin`);
    writeFileSync(join(folder, paths.at(-1)!), bytes.subarray(at, at + size));
  }
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ modelTopology: topology, weightsManifest: [{ paths, weights }] }));
  return path;
};

const difference = async (path: string): Promise<number> => {
  const result = await loadWeights(model, path, { part: 'backbone', skipMismatch: false });
  if (result.kind === 'refused') throw new Error([result.message, ...result.details].join('\n'));
  assert.equal([result.file, result.by, result.unused], ['tfjs', 'name', ['predictions']]);
  const features = await featuresOf(run, result.weights, images);
  return Math.max(...features.map((value, i) => Math.abs(value - expected.features[i]!)));
};

const saved = await artifacts();
const specs = saved.weightSpecs as readonly Spec[];
const data = new Uint8Array(saved.weightData as ArrayBuffer);

for (const size of [data.length, 100, 7]) {
  models(`as tfjs saves it, in shards of ${size} bytes`, async () => {
    const off = await difference(write(`plain-${size}`, saved.modelTopology, specs, data, size));
    assert.ok(off < 1e-6, `${off}`);
  });
}

models('layers come in the order of the topology, whatever the order of the tensors', async () => {
  const reversed = [...specs].reverse();
  const sizes = specs.map(({ shape }) => 4 * shape.reduce((a, b) => a * b, 1));
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const pieces = specs.map((_, i) => data.subarray(starts[i]!, starts[i]! + sizes[i]!)).reverse();
  const path = write('reversed', saved.modelTopology, reversed, Buffer.concat(pieces), 64);
  const file = await openWeightFile(path);
  await file.close();
  const wanted = model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name);
  assert.equal(
    file.groups.map(({ name }) => name),
    wanted,
  );
  const off = await difference(path);
  assert.ok(off < 1e-6, `${off}`);
});

for (const [dtype, most, bound] of [
  ['uint8', 255, 2e-2],
  ['uint16', 65535, 1e-4],
] as const) {
  models(`quantized to ${dtype}: q * scale + min`, async () => {
    const values = new Float32Array(data.slice().buffer);
    let at = 0;
    const pieces: Uint8Array[] = [];
    const quantized = specs.map((spec) => {
      const count = spec.shape.reduce((a, b) => a * b, 1);
      const part = values.subarray(at, at + count);
      at += count;
      const min = Math.min(...part);
      const scale = (Math.max(...part) - min) / most || 1;
      const steps = part.map((value) => Math.round((value - min) / scale));
      pieces.push(new Uint8Array((dtype === 'uint8' ? Uint8Array.from(steps) : Uint16Array.from(steps)).buffer));
      return { ...spec, quantization: { dtype, scale, min, original_dtype: 'float32' } };
    });
    const off = await difference(write(dtype, saved.modelTopology, quantized, Buffer.concat(pieces), 64));
    assert.ok(off < bound && off > 0, `${off}`);
  });
}

models('float16, from the halves that numpy rounded', async () => {
  const bytes = readFileSync(fixture('trunk-f16.safetensors'));
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header: Record<string, { shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    bytes.toString('utf8', 8, start),
  );
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const halves = entries.map(([name, { shape }]) => ({
    name: name.replace('depthwise_conv2d/kernel', 'depthwise_conv2d/depthwise_kernel'),
    shape,
    dtype: 'float32',
    quantization: { dtype: 'float16', original_dtype: 'float32' },
  }));
  const pieces = entries.map(([, { data_offsets }]) =>
    bytes.subarray(start + data_offsets[0], start + data_offsets[1]),
  );
  const result = await loadWeights(model, write('half', null, halves, Buffer.concat(pieces), 1000), {
    part: 'backbone',
    skipMismatch: false,
  });
  if (result.kind === 'refused') throw new Error([result.message, ...result.details].join('\n'));
  const features = await featuresOf(run, result.weights, images);
  const off = Math.max(...features.map((value, i) => Math.abs(value - expected.features[i]!)));
  assert.ok(off < 1e-3 && off > 1e-5, `${off}`);
});

models.run();
