// Noun: what an open cache knows; and what happens to it when a shard is damaged or the disk refuses.
import { rmSync } from 'node:fs';
import { systemCode } from '../run-folder/disk.ts';
import type { CacheAbout, Feature } from './feature-cache.ts';
import type { Pending } from './pending.ts';
import type { RowIndex } from './row-index.ts';
import { closeFile, type ShardRows } from './shard-rows.ts';
import type { WriteParts } from './write-shard.ts';

export interface OpenCacheRequest {
  /** The folder of all caches, `cacheRoot()`. */
  readonly root: string;
  readonly key: string;
  readonly features: readonly Feature[];
  readonly about: CacheAbout;
  /** Bytes of all caches of features together, at most. */
  readonly limit: number;
  /** Bytes of rows that are held in memory, at most; the others are read from the disk. */
  readonly memory: number;
  /** What went wrong and what that means: one line. */
  readonly warn: (message: string) => void;
  readonly write?: WriteParts;
}

/** What an open cache knows. */
export interface CacheState {
  readonly request: OpenCacheRequest;
  readonly folder: string;
  readonly index: RowIndex;
  readonly shards: ShardRows[];
  /** Takes what one row holds. */
  readonly scratch: Buffer;
  readonly writing: Set<Promise<void>>;
  /** Bytes of rows in memory. */
  held: number;
  /** Shards are written. */
  storing: boolean;
  pending: Pending | null;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'there is no permission to write there',
  EPERM: 'writing there is not permitted',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
};

/** Why the system refused, as a clause. */
export const reasonOf = (error: unknown): string => {
  const code = systemCode(error);
  return code === null ? String(error) : (reasons[code] ?? code);
};

/** From now on nothing is written; said once. */
export const stopStoring = (state: CacheState, why: string, cure: string): void => {
  if (state.storing) state.request.warn(`${why}: features are not kept there in this run. ${cure}`);
  state.storing = false;
};

/** What follows from damage. */
export const again = 'it is removed, and what it held is computed again';

/** Its rows are no longer found, and its file is removed. */
export const dropShard = (state: CacheState, shard: ShardRows, why: string): void => {
  if (!state.shards.includes(shard)) return;
  state.index.forget(shard);
  closeFile(shard);
  if (shard.bytes !== null) state.held -= shard.bytes.length;
  shard.bytes = null;
  state.shards.splice(state.shards.indexOf(shard), 1);
  if (shard.path === null) return;
  state.request.warn(`${shard.path} ${why}: ${again}`);
  rmSync(shard.path, { force: true });
};
