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

/** The file in parts: its header, and the tensors' own memory. */
export const tensorParts = (
  { metadata, tensors }: TensorFile,
  shapes: ReadonlyMap<string, readonly number[]> = new Map(),
): readonly Uint8Array[] => {
  const entries: Record<string, HeaderEntry> = {};
  let end = 0;
  for (const [name, values] of tensors) {
    const shape = shapes.get(name) ?? [values.length];
    entries[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(start).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(start - 8), true);
  header.set(json, 8);
  const data = [...tensors.values()].map(
    (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  return [header, ...data];
};

/** Tensors without a shape in `shapes` are written flat (one axis). The data begins at a multiple of 8. */
export const encodeTensors = (file: TensorFile, shapes?: ReadonlyMap<string, readonly number[]>): Uint8Array => {
  const parts = tensorParts(file, shapes);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
};

/** A tensor of a file: its type as the format names it (F32, BF16, I64), its shape, its bytes after the header. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEntry = (value: unknown): value is HeaderEntry =>
  isObject(value) &&
  typeof value.dtype === 'string' &&
  Array.isArray(value.shape) &&
  value.shape.every(isSize) &&
  Array.isArray(value.data_offsets) &&
  value.data_offsets.length === 2 &&
  value.data_offsets.every(isSize);

/** The JSON header of a file with `room` bytes behind it. Throws TensorFileError. */
export const parseTensorHeader = (
  json: Uint8Array,
  room: number,
): { readonly metadata: Readonly<Record<string, string>>; readonly tensors: readonly StoredTensor[] } => {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(json));
  } catch {
    header = null;
  }
  if (!isObject(header)) throw new TensorFileError('its header is damaged');
  const { __metadata__, ...entries } = header;
  const texts = isObject(__metadata__) ? Object.entries(__metadata__) : [];
  const metadata = Object.fromEntries(texts.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
  const tensors = Object.entries(entries).map(([name, entry]) => {
    if (!isEntry(entry)) throw new TensorFileError(`its entry of ${name} is damaged`);
    const [from, to] = entry.data_offsets;
    if (to < from || to > room) throw new TensorFileError('it is cut short');
    return { name, dtype: entry.dtype, shape: entry.shape, from, to };
  });
  return { metadata, tensors };
};

/** A file of float32 tensors. Throws TensorFileError. */
export const decodeTensors = (bytes: Uint8Array): TensorFile => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0n : view.getBigUint64(0, true);
  if (length === 0n || length > BigInt(bytes.length - 8)) throw new TensorFileError('it is not a safetensors file');
  const start = 8 + Number(length);
  const { metadata, tensors: stored } = parseTensorHeader(bytes.subarray(8, start), bytes.length - start);
  const tensors = new Map<string, Float32Array>();
  for (const { name, dtype, from, to } of stored) {
    if (dtype !== 'F32' || (to - from) % 4 !== 0) throw new TensorFileError(`its tensor ${name} is not float32`);
    // copied, since a Buffer may begin anywhere in its memory and its own slice() does not copy
    const values = new Uint8Array(to - from);
    values.set(bytes.subarray(start + from, start + to));
    tensors.set(name, new Float32Array(values.buffer));
  }
  return { metadata, tensors };
};
