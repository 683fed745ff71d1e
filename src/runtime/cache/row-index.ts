// Verb: shards → their rows, numbered, and found by the digest of the image.
import type { Digest } from './feature-cache.ts';
import type { ShardRows } from './shard-rows.ts';

export interface RowIndex {
  readonly count: () => number;
  readonly find: (digest: Digest) => number;
  /** The shard of a row, which may be dead by now, and its place there. */
  readonly shardOf: (row: number) => ShardRows;
  readonly placeOf: (row: number) => number;
  /** Gives the row of an image at `place` of a shard; an image that is known keeps its row. */
  readonly add: (shard: ShardRows, digest: Digest, place: number) => number;
  /** The rows of this shard are no longer found. */
  readonly forget: (shard: ShardRows) => void;
}

export const createRowIndex = (): RowIndex => {
  const rows = new Map<Digest, number>();
  const shards: ShardRows[] = [];
  const places: number[] = [];
  return {
    count: () => rows.size,
    find: (digest) => rows.get(digest) ?? -1,
    shardOf: (row) => shards[row]!,
    placeOf: (row) => places[row]!,
    add: (shard, digest, place) => {
      const known = rows.get(digest);
      if (known !== undefined) return known;
      rows.set(digest, shards.length);
      places.push(place);
      return shards.push(shard) - 1;
    },
    forget: (shard) => {
      for (const digest of shard.digests) {
        const row = rows.get(digest);
        if (row !== undefined && shards[row] === shard) rows.delete(digest);
      }
    },
  };
};
