// Verb: a finished run → what tf.loadLayersModel reads: model.json and shards of weights that browsers keep in their cache.
import { tfjsGaps } from '../compiler/layers/topology.ts';
import { type Exported, type ExportRequest, valuesOf } from './exported.ts';

/** Bytes of a shard, as tfjs' own converter cuts. */
const SHARD = 4 * 2 ** 20;

/** All weights one after the other, float32, little endian. */
const bytesOf = (parts: readonly Float32Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
};

/** One group of weights, cut into shards wherever 4 MB are full: tfjs joins the shards of a group. `shard`: bytes of each. */
export const toTfjs = (request: ExportRequest, shard = SHARD): Exported => {
  const { model, topology, metadata, weights, version } = request;
  const reasons = tfjsGaps(model);
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const stored = model.layers.flatMap((layer) => layer.weights);
  const bytes = bytesOf(stored.map(({ name }) => valuesOf(weights, name)));
  const count = Math.max(1, Math.ceil(bytes.length / shard));
  const names = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const json = JSON.stringify({
    format: 'layers-model',
    generatedBy: `tlp ${version}`,
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: names, weights: stored.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) }],
    userDefinedMetadata: { tlp: metadata },
  });
  const shards = names.map((name, i) => [name, bytes.subarray(i * shard, (i + 1) * shard)] as const);
  return { kind: 'folder', files: new Map<string, string | Uint8Array>([['model.json', json], ...shards]) };
};
