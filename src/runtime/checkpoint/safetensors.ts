// Verb: named float32 tensors ↔ the bytes of a safetensors file (8 bytes header length, JSON header, data).

/** Tensors by name, and free text by key. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The file is not one that `encodeTensors` wrote, or is cut short. */
export class TensorFileError extends Error {}

/** Tensors are written flat (one axis). The data begins at a multiple of 8. */
export const encodeTensors = ({ metadata, tensors }: TensorFile): Uint8Array => {
  const entries: Record<string, HeaderEntry> = {};
  let end = 0;
  for (const [name, values] of tensors) {
    entries[name] = { dtype: 'F32', shape: [values.length], data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  for (const [name, values] of tensors) {
    const [from] = entries[name]!.data_offsets;
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start + from);
  }
  return bytes;
};

const isEntry = (value: unknown): value is HeaderEntry =>
  typeof value === 'object' &&
  value !== null &&
  'dtype' in value &&
  value.dtype === 'F32' &&
  'data_offsets' in value &&
  Array.isArray(value.data_offsets) &&
  value.data_offsets.length === 2 &&
  value.data_offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0);

/** Throws TensorFileError. */
export const decodeTensors = (bytes: Uint8Array): TensorFile => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0n : view.getBigUint64(0, true);
  if (length === 0n || length > BigInt(bytes.length - 8)) throw new TensorFileError('it is not a safetensors file');
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  } catch {
    throw new TensorFileError('its header is damaged');
  }
  const tensors = new Map<string, Float32Array>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name === '__metadata__') {
      metadata = entry as Record<string, string>;
      continue;
    }
    if (!isEntry(entry)) throw new TensorFileError(`its tensor ${name} is not float32`);
    const [from, to] = entry.data_offsets;
    if (to < from || start + to > bytes.length) throw new TensorFileError('it is cut short');
    // copied, since a Buffer may begin anywhere in its memory and its own slice() does not copy
    const values = new Uint8Array(to - from);
    values.set(bytes.subarray(start + from, start + to));
    tensors.set(name, new Float32Array(values.buffer));
  }
  return { metadata, tensors };
};
