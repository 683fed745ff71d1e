// Verb: weights → model.json and weights.bin, the layers-model format that tf.loadLayersModel reads.
import { createHash } from 'node:crypto';
import type { Weights } from '../engine/engine.ts';
import type { ModelFiles } from './run-folder.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Bytes of weights.bin. */
export const weightBytes = (model: ModelFiles): number =>
  4 * model.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** One group in one file; tfjs finds weights by name, so their order is the model's. `bytes`: weights.bin, once there is one. */
export const modelJson = (model: ModelFiles, bytes: Uint8Array | null): string =>
  JSON.stringify({
    format: 'layers-model',
    generatedBy: model.generatedBy,
    convertedBy: null,
    modelTopology: model.topology,
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: model.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: {
      tlp: {
        ...model.metadata,
        weights_sha256: bytes && createHash('sha256').update(bytes).digest('hex'),
      },
    },
  });

/** All weights one after the other, float32, little endian, no padding. */
export const weightsBin = (model: ModelFiles, weights: Weights): Uint8Array => {
  const bytes = new Uint8Array(weightBytes(model));
  let offset = 0;
  for (const { name, shape } of model.weights) {
    const values = weights.get(name);
    if (values?.length !== sizeOf(shape)) {
      throw new RangeError(`weight ${name} has ${values?.length ?? 'no'} values, its shape ${shape.join('x')}`);
    }
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
};
