// Verb: weights into a model that was encoded without them. The one verb of the compiler that the engine calls: it links.
import { ModelProto, tensor } from './proto.ts';

/** A named tensor to be added as a constant. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The model with constants added. Protobuf merges a message written twice, so the bytes are simply appended. */
export const bindInitializers = (model: Uint8Array, initializers: readonly Initializer[]): Uint8Array => {
  const graph = { initializer: initializers.map(({ name, shape, data }) => tensor(name, shape, data)) };
  const tail = ModelProto.encode(ModelProto.fromObject({ graph })).finish();
  const bytes = new Uint8Array(model.length + tail.length);
  bytes.set(model);
  bytes.set(tail, model.length);
  return bytes;
};
