// Verb: an IDX file (MNIST's format, big-endian) of unsigned bytes to its shape and values.

export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Magic 00 00 08 dims, one uint32 an axis, then the values, last axis fastest. Throws Error. */
export const parseIdx = (bytes: Uint8Array): ByteArray => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== 8)
    throw new Error('it is not an IDX file of unsigned bytes');
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (bytes.length < start) throw new Error('its header is cut short');
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== start + size) throw new Error(`it holds ${bytes.length - start} values instead of ${size}`);
  return { shape, values: bytes.subarray(start) };
};
