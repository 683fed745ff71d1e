// Verb: the folder of caches → what is in it, whether it is whole, and without it. What `tlp cache` does.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ABOUT_FILE, cacheSizes, dropCache } from './bound.ts';
import { featureFolder } from './cache-root.ts';
import type { CacheAbout, Digest } from './feature-cache.ts';
import { usersOf } from './in-use.ts';
import { ShardError, valuesOf } from './shard.ts';
import { closeFile, openShard, readRow } from './shard-rows.ts';
import { SHARD_SUFFIX } from './write-shard.ts';

export interface CacheEntry {
  readonly key: string;
  /** Null where its description cannot be read. */
  readonly about: CacheAbout | null;
  /** Different images. */
  readonly rows: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly used: number;
  /** Live processes that have it open. */
  readonly users: number;
}

const shardsOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(SHARD_SUFFIX))
    .sort()
    .map((name) => join(folder, name));

const readAbout = (folder: string): CacheAbout | null => {
  try {
    const about: unknown = JSON.parse(readFileSync(join(folder, ABOUT_FILE), 'utf8'));
    const whole =
      typeof about === 'object' && about !== null && 'backbone' in about && 'frontier' in about && 'image' in about;
    return whole ? (about as CacheAbout) : null;
  } catch {
    return null;
  }
};

/** Digests in a shard; none where it is damaged. */
const digestsIn = (path: string): readonly Digest[] => {
  try {
    const shard = openShard(path, null);
    closeFile(shard);
    return shard.digests;
  } catch {
    return [];
  }
};

/** Digests of all images in the cache of this key; empty where there is no such cache. Reads the heads of its shards. */
export const digestsOf = (root: string, key: string): ReadonlySet<Digest> => {
  try {
    return new Set(shardsOf(join(featureFolder(root), key)).flatMap(digestsIn));
  } catch {
    return new Set();
  }
};

/** All caches, the least recently used first. */
export const listCaches = (root: string): readonly CacheEntry[] =>
  cacheSizes(featureFolder(root)).map(({ key, folder, bytes, used }) => ({
    key,
    about: readAbout(folder),
    rows: digestsOf(root, key).size,
    bytes,
    used,
    users: usersOf(folder),
  }));

export interface VerifiedCache {
  readonly key: string;
  readonly shards: number;
  /** Damaged shards, which were removed: path and what is wrong. */
  readonly damaged: readonly { readonly path: string; readonly why: string }[];
}

const damageOf = (path: string): string | null => {
  try {
    const shard = openShard(path, null);
    try {
      const row = Buffer.alloc(valuesOf(shard.features) * 4);
      for (let place = 0; place < shard.digests.length; place += 1) readRow(shard, place, row);
    } finally {
      closeFile(shard);
    }
    return null;
  } catch (error) {
    if (error instanceof ShardError) return error.message;
    throw error;
  }
};

/** Reads every row of every cache; damaged shards are removed. Throws errors of the system. */
export const verifyCaches = (root: string): readonly VerifiedCache[] =>
  cacheSizes(featureFolder(root)).map(({ key, folder }) => {
    const shards = shardsOf(folder);
    const damaged = shards.flatMap((path) => {
      const why = damageOf(path);
      return why === null ? [] : [{ path, why }];
    });
    for (const { path } of damaged) rmSync(path, { force: true });
    return { key, shards: shards.length, damaged };
  });

export interface ClearedCaches {
  readonly removed: readonly string[];
  /** Left, since a live process uses them. */
  readonly kept: readonly string[];
  readonly bytes: number;
}

/** Removes the caches whose key begins with `prefix` ('' for all). Throws errors of the system. */
export const clearCaches = (root: string, prefix: string): ClearedCaches => {
  const meant = cacheSizes(featureFolder(root)).filter(({ key }) => key.startsWith(prefix));
  const kept = meant.filter(({ folder }) => usersOf(folder) > 0);
  const removed = meant.filter((cache) => !kept.includes(cache));
  for (const { folder } of removed) dropCache(folder);
  return {
    removed: removed.map(({ key }) => key),
    kept: kept.map(({ key }) => key),
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
};
