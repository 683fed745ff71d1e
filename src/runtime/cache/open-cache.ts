// Verb: a key → its cache, opened: the heads of all shards are read, rows are found by digest, new ones are appended in shards.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { realDisk } from '../run-folder/disk.ts';
import { append, sealPending } from './append-rows.ts';
import { ABOUT_FILE } from './bound.ts';
import { featureFolder } from './cache-root.ts';
import { again, type CacheState, type OpenCacheRequest, reasonOf, stopStoring } from './cache-state.ts';
import type { FeatureCache } from './feature-cache.ts';
import { markInUse } from './in-use.ts';
import { gather } from './read-rows.ts';
import { createRowIndex } from './row-index.ts';
import { ShardError, valuesOf } from './shard.ts';
import { closeFile, openShard } from './shard-rows.ts';
import { SHARD_SUFFIX, TEMPORARY } from './write-shard.ts';

/** Shards on their way to the disk, at most, before `drain` waits. */
const IN_FLIGHT = 2;
/** A temporary file that old is nobody's any more. */
const LEFTOVER_MILLISECONDS = 60 * 60 * 1000;

const removeLeftovers = (folder: string): void => {
  for (const name of readdirSync(folder).filter((each) => TEMPORARY.test(each))) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > LEFTOVER_MILLISECONDS) rmSync(path, { force: true });
  }
};

/** Makes the folder, marks it and notes the time of use; the answer takes the mark away. */
const enter = async (state: CacheState): Promise<() => void> => {
  const { folder, request } = state;
  try {
    await realDisk.mkdir(folder);
    const leave = markInUse(folder);
    const temporary = join(folder, `tmp-${process.pid}-about`);
    await writeFile(temporary, `${JSON.stringify(request.about, null, 2)}\n`);
    await rename(temporary, join(folder, ABOUT_FILE));
    removeLeftovers(folder);
    return leave;
  } catch (error) {
    stopStoring(state, `the cache ${folder} cannot be written (${reasonOf(error)})`, 'TLP_CACHE names another folder.');
    return () => {};
  }
};

const readShards = (state: CacheState): void => {
  const { folder, index, request } = state;
  const names = readdirSync(folder).filter((name) => name.endsWith(SHARD_SUFFIX));
  for (const path of names.sort().map((name) => join(folder, name))) {
    try {
      const shard = openShard(path, request.features);
      state.shards.push(shard);
      for (const [place, digest] of shard.digests.entries()) index.add(shard, digest, place);
    } catch (error) {
      // another error: it has just been removed, or cannot be read; its rows are computed again
      if (!(error instanceof ShardError)) continue;
      request.warn(`${path} ${error.message}: ${again}`);
      rmSync(path, { force: true });
    }
  }
};

/** Never throws: what cannot be read or written is told to `warn`, and the run goes on without it. */
export const openCache = async (request: OpenCacheRequest): Promise<FeatureCache> => {
  const state: CacheState = {
    request,
    folder: join(featureFolder(request.root), request.key),
    index: createRowIndex(),
    shards: [],
    scratch: Buffer.alloc(valuesOf(request.features) * 4),
    writing: new Set(),
    held: 0,
    storing: true,
    pending: null,
  };
  const leave = await enter(state);
  try {
    readShards(state);
  } catch {
    // there is no folder, or it cannot be read: no rows
  }
  const settle = async (most: number): Promise<void> => {
    while (state.writing.size > most) await Promise.race(state.writing);
  };
  return {
    key: request.key,
    features: request.features,
    count: state.index.count,
    find: state.index.find,
    gather: (rows, from, count, into) => gather(state, rows, from, count, into),
    append: (digest, values, at) => append(state, digest, values, at),
    drain: () => settle(IN_FLIGHT),
    close: async () => {
      sealPending(state);
      await settle(0);
      for (const shard of state.shards) closeFile(shard);
      leave();
    },
  };
};
