// Verb: a mask input to its values for one batch. About 10 ns a value: masks can hold millions.
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import { stream } from '../random.ts';

/**
 * count x mask.shape values: 0 with probability `rate`, else 1 / (1 - rate), Keras' Dropout.
 * Stream: (seed, 'dropout', epoch, batch number from 0, mask name).
 */
export const dropoutMask = (
  mask: MaskInput,
  count: number,
  seed: number,
  epoch: number,
  batch: number,
): Float32Array => {
  const values = new Float32Array(mask.shape.reduce((size, axis) => size * axis, count));
  if (mask.rate >= 1) return values;
  if (mask.rate <= 0) return values.fill(1);
  const keep = 1 / (1 - mask.rate);
  const draw = stream(seed, 'dropout', epoch, batch, mask.name);
  for (let i = 0; i < values.length; i++) values[i] = draw() < mask.rate ? 0 : keep;
  return values;
};
