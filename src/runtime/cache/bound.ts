// Verb: keep all caches within a number of bytes: the least recently used go first, never one that a live process uses.
import { readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usersOf } from './in-use.ts';

export const ABOUT_FILE = 'about.json';
const KEY = /^[0-9a-f]{32}$/;

export interface CacheSize {
  readonly key: string;
  readonly folder: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly used: number;
}

const entriesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const statOf = (path: string): { readonly size: number; readonly mtimeMs: number } => {
  try {
    return statSync(path);
  } catch {
    return { size: 0, mtimeMs: 0 };
  }
};

/** All caches in the folder of features, the least recently used first. */
export const cacheSizes = (features: string): readonly CacheSize[] =>
  entriesOf(features)
    .filter((name) => KEY.test(name))
    .map((key) => {
      const folder = join(features, key);
      const bytes = entriesOf(folder).reduce((sum, name) => sum + statOf(join(folder, name)).size, 0);
      return { key, folder, bytes, used: statOf(join(folder, ABOUT_FILE)).mtimeMs };
    })
    .sort((a, b) => a.used - b.used);

/** Removes a whole cache: renamed first, so that nobody finds half of it. */
export const dropCache = (folder: string): void => {
  const dropped = `${folder}.dropped-${process.pid}`;
  renameSync(folder, dropped);
  rmSync(dropped, { recursive: true, force: true, maxRetries: 3 });
};

/** Whether `coming` more bytes fit into `limit`, when others have made room for the cache `own`. */
export const makeRoom = (features: string, limit: number, coming: number, own: string): boolean => {
  const sizes = cacheSizes(features);
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { key, folder, bytes } of sizes) {
    if (total + coming <= limit) break;
    if (key === own || usersOf(folder) > 0) continue;
    try {
      dropCache(folder);
      total -= bytes;
    } catch {
      // another process is at it
    }
  }
  return total + coming <= limit;
};

const DEFAULT_BYTES = 10e9;
/** Of what is free on the disk, what the caches hold included. */
const DEFAULT_SHARE = 0.25;

/** 10 GB, or a quarter of the free disk where that is less. */
export const defaultLimit = (features: string): number => {
  const held = cacheSizes(features).reduce((sum, { bytes }) => sum + bytes, 0);
  for (let folder = features; ; folder = join(folder, '..')) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return Math.min(DEFAULT_BYTES, (bavail * bsize + held) * DEFAULT_SHARE);
    } catch {
      if (join(folder, '..') === folder) return DEFAULT_BYTES;
    }
  }
};
