// Verb: stored little-endian values of any type → float32. One rule a type, under its safetensors name.

interface Rule {
  /** Bytes a value. */
  readonly size: number;
  readonly at: (view: DataView, offset: number) => number;
}

const sign = (bits: number, exponentAndFraction: number): number =>
  bits & 0x8000 ? -exponentAndFraction : exponentAndFraction;

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
const half = (bits: number): number => {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign(bits, fraction * 2 ** -24);
  if (exponent === 31) return fraction ? Number.NaN : sign(bits, Number.POSITIVE_INFINITY);
  return sign(bits, (1 + fraction / 1024) * 2 ** (exponent - 15));
};

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
const brain = (bits: number): number => {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
};

const rules = {
  F32: { size: 4, at: (view, at) => view.getFloat32(at, true) },
  F64: { size: 8, at: (view, at) => view.getFloat64(at, true) },
  F16: { size: 2, at: (view, at) => half(view.getUint16(at, true)) },
  BF16: { size: 2, at: (view, at) => brain(view.getUint16(at, true)) },
  I8: { size: 1, at: (view, at) => view.getInt8(at) },
  U8: { size: 1, at: (view, at) => view.getUint8(at) },
  BOOL: { size: 1, at: (view, at) => view.getUint8(at) },
  I16: { size: 2, at: (view, at) => view.getInt16(at, true) },
  U16: { size: 2, at: (view, at) => view.getUint16(at, true) },
  I32: { size: 4, at: (view, at) => view.getInt32(at, true) },
  U32: { size: 4, at: (view, at) => view.getUint32(at, true) },
  I64: { size: 8, at: (view, at) => Number(view.getBigInt64(at, true)) },
  U64: { size: 8, at: (view, at) => Number(view.getBigUint64(at, true)) },
} as const satisfies Readonly<Record<string, Rule>>;

export type StoredType = keyof typeof rules;

export const isStoredType = (name: string): name is StoredType => Object.hasOwn(rules, name);

/** Bytes a value. */
export const storedSize = (type: StoredType): number => rules[type].size;

/** All values of `bytes`, which are float32 numbers afterwards; float32 itself is not copied where it is aligned. */
export const toFloat32 = (type: StoredType, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
  const { size, at }: Rule = rules[type];
  const count = bytes.length / size;
  if (type === 'F32' && bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: count }, (_, i) => at(view, i * size));
};
