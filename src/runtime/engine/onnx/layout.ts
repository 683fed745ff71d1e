// Weights between Keras' layout and the graph's: transposition by the state tensor's permutation.
import type { StateTensor } from '../../../compiler/onnx/step-program.ts';

const strides = (shape: readonly number[]): number[] => {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) result[axis] = result[axis + 1]! * shape[axis + 1]!;
  return result;
};

/** Copies `source` (row-major, `shape`) with its axes in the order of `permutation`. */
const transpose = (source: Float32Array, shape: readonly number[], permutation: readonly number[]): Float32Array => {
  const result = new Float32Array(source.length);
  const from = strides(shape);
  const sizes = permutation.map((axis) => shape[axis]!);
  const steps = permutation.map((axis) => from[axis]!);
  const index = new Array<number>(sizes.length).fill(0);
  let offset = 0;
  for (let i = 0; i < result.length; i += 1) {
    result[i] = source[offset]!;
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      offset += steps[axis]!;
      index[axis]! += 1;
      if (index[axis]! < sizes[axis]!) break;
      offset -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return result;
};

/** A copy of a Keras weight in the graph's layout. */
export const toGraph = (tensor: StateTensor, weight: Float32Array): Float32Array =>
  tensor.permutation === null ? weight.slice() : transpose(weight, tensor.keras_shape, tensor.permutation);

/** A copy of a graph tensor in Keras' layout. */
export const toKeras = (tensor: StateTensor, data: Float32Array): Float32Array => {
  const { permutation, keras_shape } = tensor;
  if (permutation === null) return data.slice();
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return transpose(
    data,
    permutation.map((axis) => keras_shape[axis]!),
    inverse,
  );
};
