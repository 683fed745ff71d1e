// Verb: a shard's file, or rows in memory, to rows that can be copied into a batch; each is checked before it is used.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Digest, Feature } from './feature-cache.ts';
import { decodeHead, ShardError, valuesOf } from './shard.ts';

/** Rows of one shard: in memory, in an open file, or (neither) nowhere any more. */
export interface ShardRows {
  /** Null as long as it is not written. */
  path: string | null;
  readonly digests: readonly Digest[];
  /** CRC-32 of each row. */
  sums: Uint32Array;
  /** Position of the first row in the file. */
  start: number;
  file: number | null;
  /** The rows, checked. */
  bytes: Buffer | null;
}

export const closeFile = (shard: ShardRows): void => {
  if (shard.file !== null) closeSync(shard.file);
  shard.file = null;
};

/** Fills `into` from `position` on; answers how many bytes there were. */
const readFrom = (file: number, position: number, into: Buffer): number => {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
};

/** Opens a file and reads its head. Throws ShardError where it is no whole shard of these features, and errors of the system. */
export const openShard = (
  path: string,
  features: readonly Feature[] | null,
): ShardRows & { readonly features: readonly Feature[] } => {
  const file = openSync(path, 'r');
  const read = (position: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readFrom(file, position, bytes));
  };
  try {
    const { digests, sums, start, ...head } = decodeHead(read, fstatSync(file).size);
    if (features !== null && JSON.stringify(head.features) !== JSON.stringify(features))
      throw new ShardError('holds other features');
    return { path, features: head.features, digests, sums, start, file, bytes: null };
  } catch (error) {
    closeSync(file);
    throw error;
  }
};

/** Bytes of all rows of a shard. */
export const sizeOfRows = ({ digests }: ShardRows, features: readonly Feature[]): number =>
  digests.length * valuesOf(features) * 4;

/** Reads one row into `row`. Throws ShardError where it is damaged or its file is closed. */
export const readRow = (shard: ShardRows, place: number, row: Buffer): void => {
  if (shard.file === null) throw new ShardError('is closed');
  const count = readFrom(shard.file, shard.start + place * row.length, row);
  if (count < row.length || crc32(row) !== shard.sums[place]) throw new ShardError(`is damaged (row ${place})`);
};

/** Brings all rows into memory and closes the file. Throws ShardError where one is damaged. */
export const loadRows = (shard: ShardRows, features: readonly Feature[]): void => {
  if (shard.bytes !== null) return;
  const bytes = Buffer.allocUnsafeSlow(sizeOfRows(shard, features));
  const size = valuesOf(features) * 4;
  for (let place = 0; place < shard.digests.length; place += 1) {
    readRow(shard, place, bytes.subarray(place * size, (place + 1) * size));
  }
  shard.bytes = bytes;
  closeFile(shard);
};
