// Noun and both verbs: a shard, a file that holds rows of features: its head to bytes and back. Rows are checked one by one.
import { crc32 } from 'node:zlib';
import { DIGEST_BYTES, type Digest, type Feature } from './feature-cache.ts';

/**
 * The head of a shard. The file: magic (8 bytes), length of the JSON and CRC-32 of all that follows it in the head (4 bytes each,
 * little-endian), JSON padded to 16 bytes with spaces, digests (16 bytes a row), CRC-32 of each row (4 bytes), padding to 16 bytes,
 * then the rows: float32, little-endian, the features one after the other.
 */
export interface ShardHead {
  readonly features: readonly Feature[];
  readonly digests: readonly Digest[];
  /** CRC-32 of the bytes of each row. */
  readonly sums: Uint32Array;
}

/** The file is not a whole shard: one clause, to stand after its name. */
export class ShardError extends Error {}

const MAGIC = 'TLPFEAT1';
const FIXED = 16;
/** More than any head that is written: a damaged length must not take memory. */
const MOST_ROWS = 2 ** 20;

const padded = (length: number): number => Math.ceil(length / 16) * 16;

/** Values of all features of one image. */
export const valuesOf = (features: readonly Feature[]): number =>
  features.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

/** CRC-32 of row `index`. */
export const sumOf = (values: Float32Array, size: number, index: number): number =>
  crc32(new Uint8Array(values.buffer, values.byteOffset + index * size * 4, size * 4));

const tableBytes = (rows: number): number => padded(rows * (DIGEST_BYTES + 4));

/** The bytes before the rows. */
export const encodeHead = ({ features, digests, sums }: ShardHead): Uint8Array => {
  const json = Buffer.from(JSON.stringify({ features, rows: digests.length }), 'utf8');
  const text = padded(json.length);
  const bytes = Buffer.alloc(FIXED + text + tableBytes(digests.length), ' ');
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(text, 8);
  json.copy(bytes, FIXED);
  const table = FIXED + text;
  for (const [row, digest] of digests.entries()) {
    bytes.write(digest, table + row * DIGEST_BYTES, 'latin1');
    bytes.writeUInt32LE(sums[row]!, table + digests.length * DIGEST_BYTES + row * 4);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(FIXED)), 12);
  return bytes;
};

/** Reads `length` bytes of the file from `position` on; fewer at its end. */
export type ReadAt = (position: number, length: number) => Buffer;

const featuresOf = (json: string): { readonly features: readonly Feature[]; readonly rows: number } => {
  const head: unknown = JSON.parse(json);
  if (typeof head !== 'object' || head === null || !('features' in head) || !('rows' in head))
    throw new ShardError('has a head of another form');
  const { features, rows } = head;
  if (!Array.isArray(features) || typeof rows !== 'number' || !(rows >= 0 && rows <= MOST_ROWS))
    throw new ShardError('has a head of another form');
  return { features: features as readonly Feature[], rows };
};

/** The head and where the rows begin. Throws ShardError where the file of `size` bytes is truncated or its head damaged. */
export const decodeHead = (read: ReadAt, size: number): ShardHead & { readonly start: number } => {
  const fixed = read(0, FIXED);
  if (fixed.length < FIXED || fixed.toString('latin1', 0, 8) !== MAGIC) throw new ShardError('is not a shard');
  const text = fixed.readUInt32LE(8);
  if (FIXED + text > size) throw new ShardError('is truncated');
  const json = read(FIXED, text);
  let head: ReturnType<typeof featuresOf>;
  try {
    head = featuresOf(json.toString('utf8'));
  } catch (error) {
    throw error instanceof ShardError ? error : new ShardError('has a damaged head');
  }
  const { features, rows } = head;
  const table = read(FIXED + text, tableBytes(rows));
  if (table.length < tableBytes(rows)) throw new ShardError('is truncated');
  if (crc32(table, crc32(json)) !== fixed.readUInt32LE(12)) throw new ShardError('has a damaged head');
  const start = FIXED + text + table.length;
  if (size !== start + rows * valuesOf(features) * 4) throw new ShardError('is truncated');
  return {
    features,
    digests: Array.from({ length: rows }, (_, row) =>
      table.toString('latin1', row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES),
    ),
    sums: Uint32Array.from({ length: rows }, (_, row) => table.readUInt32LE(rows * DIGEST_BYTES + row * 4)),
    start,
  };
};
