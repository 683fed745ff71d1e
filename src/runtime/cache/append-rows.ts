// Verb: new rows → shards, which go to the disk in the background as they are full.
import { openSync } from 'node:fs';
import { makeRoom } from './bound.ts';
import { featureFolder } from './cache-root.ts';
import { type CacheState, reasonOf, stopStoring } from './cache-state.ts';
import type { FeatureCache } from './feature-cache.ts';
import { addRow, capacityOf, isFull, type Pending, seal, startPending } from './pending.ts';
import { encodeHead } from './shard.ts';
import type { ShardRows } from './shard-rows.ts';
import { writeShard } from './write-shard.ts';

/** Brings a sealed shard to the disk; where memory is short it is read from there from now on. */
const store = async (state: CacheState, shard: Pending): Promise<void> => {
  const { request, folder } = state;
  const { features, limit, memory, key, write } = request;
  const head = { features, digests: shard.digests, sums: shard.sums };
  if (!makeRoom(featureFolder(request.root), limit, shard.bytes.length, key)) {
    const size = `${(limit / 1e9).toPrecision(3)} GB`;
    return stopStoring(
      state,
      `the caches in ${request.root} are full (${size})`,
      '--cache-size sets another size; tlp cache clear empties them.',
    );
  }
  try {
    shard.path = await writeShard(folder, head, shard.bytes, write);
  } catch (error) {
    return stopStoring(
      state,
      `the cache ${folder} cannot be written (${reasonOf(error)})`,
      'TLP_CACHE names another folder.',
    );
  }
  if (state.held <= memory) return;
  const rows: ShardRows = shard;
  rows.start = encodeHead(head).length;
  rows.file = openSync(shard.path, 'r');
  state.held -= shard.bytes.length;
  rows.bytes = null;
};

/** Writes what is pending, in the background. */
export const sealPending = (state: CacheState): void => {
  const shard = state.pending;
  state.pending = null;
  if (shard === null || shard.digests.length === 0) return;
  state.held -= shard.bytes.length;
  seal(shard);
  state.held += shard.bytes.length;
  if (!state.storing) return;
  const work = store(state, shard).finally(() => state.writing.delete(work));
  state.writing.add(work);
};

/** See FeatureCache. */
export const append: (state: CacheState, ...row: Parameters<FeatureCache['append']>) => number = (
  state,
  digest,
  values,
  at,
) => {
  const { index, request, shards } = state;
  const known = index.find(digest);
  if (known >= 0) return known;
  if (state.pending === null) {
    const size = capacityOf(request.features) * state.scratch.length;
    if (!state.storing && state.held + size > request.memory) return -1;
    state.pending = startPending(request.features);
    state.held += size;
    shards.push(state.pending);
  }
  const shard = state.pending;
  const row = index.add(shard, digest, addRow(shard, digest, request.features, values, at));
  if (isFull(shard)) sealPending(state);
  return row;
};
