// Verb: rows one by one → a shard in memory, until it is full or old enough to be written.
import { crc32 } from 'node:zlib';
import type { Digest, Feature } from './feature-cache.ts';
import { valuesOf } from './shard.ts';
import type { ShardRows } from './shard-rows.ts';

/** A shard holds so many bytes of rows, but at least one row and at most so many. */
const SHARD_BYTES = 8 * 2 ** 20;
const SHARD_ROWS = 4096;
/** What was computed this long ago is written, so that an end without warning costs no more. */
const OLDEST_MILLISECONDS = 10_000;

/** Rows that a shard of these features takes. */
export const capacityOf = (features: readonly Feature[]): number =>
  Math.min(SHARD_ROWS, Math.max(1, Math.floor(SHARD_BYTES / (valuesOf(features) * 4))));

/** A shard that still takes rows. */
export interface Pending extends ShardRows {
  readonly digests: Digest[];
  bytes: Buffer;
  readonly since: number;
}

export const startPending = (features: readonly Feature[]): Pending => {
  const rows = capacityOf(features);
  const bytes = Buffer.alloc(rows * valuesOf(features) * 4);
  return { path: null, digests: [], sums: new Uint32Array(rows), start: 0, file: null, bytes, since: Date.now() };
};

/** Copies image `index` of the features behind the last row; gives its place. */
export const addRow = (
  pending: Pending,
  digest: Digest,
  features: readonly Feature[],
  values: readonly Float32Array[],
  index: number,
): number => {
  const place = pending.digests.push(digest) - 1;
  const size = valuesOf(features) * 4;
  let at = place * size;
  for (const [i, feature] of features.entries()) {
    const from = values[i]!;
    const length = valuesOf([feature]) * 4;
    pending.bytes.set(new Uint8Array(from.buffer, from.byteOffset + index * length, length), at);
    at += length;
  }
  pending.sums[place] = crc32(pending.bytes.subarray(place * size, at));
  return place;
};

/** Whether it is time to write it. */
export const isFull = ({ digests, sums, since }: Pending): boolean =>
  digests.length === sums.length || (digests.length > 0 && Date.now() - since > OLDEST_MILLISECONDS);

/** Takes no more rows from now on; gives back the memory that they did not need. */
export const seal = (pending: Pending): void => {
  const rows = pending.digests.length;
  if (rows === pending.sums.length) return;
  const used = (pending.bytes.length / pending.sums.length) * rows;
  pending.bytes = Buffer.from(pending.bytes.subarray(0, used));
  pending.sums = pending.sums.slice(0, rows);
};
