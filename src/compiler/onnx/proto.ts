// The ONNX messages, and tensors as messages.
import protobuf from 'protobufjs/light.js';
import type { DType } from '../graph/graph.ts';
import { onnxSchema } from './schema.ts';

export const ModelProto = protobuf.Root.fromJSON(onnxSchema).lookupType('ModelProto');

/** TensorProto.DataType */
export const DATA_TYPE: Readonly<Record<DType, number>> = { float32: 1, int64: 7, bool: 9 };

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A TensorProto with raw data (little-endian, row-major). */
export const tensor = (name: string, shape: readonly number[], data: Float32Array | BigInt64Array): object => ({
  name,
  dims: shape,
  dataType: data instanceof Float32Array ? DATA_TYPE.float32 : DATA_TYPE.int64,
  rawData: bytesOf(data),
});
