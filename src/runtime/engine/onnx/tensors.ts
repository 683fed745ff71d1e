// Leaf: onnxruntime's tensors of floats, and the errors of its calls.
import * as ort from 'onnxruntime-node';

/** Tensors by the names of graph inputs or outputs. */
export type Tensors = Readonly<Record<string, ort.Tensor>>;

/** onnxruntime refused a model or a step. */
export class OnnxError extends Error {}

/** Runs a call of onnxruntime; what it throws becomes an OnnxError that says during what. */
export const guarded = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw new OnnxError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const tensorOf = (data: Float32Array, shape: readonly number[]): ort.Tensor =>
  new ort.Tensor('float32', data, [...shape]);

export const scalar = (value: number): ort.Tensor => tensorOf(Float32Array.of(value), []);

export const dataOf = (tensor: ort.Tensor | undefined): Float32Array => {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the engine gave no float tensor');
  return tensor.data;
};
