// Verb: what is said about the cache on the command line → where features are kept, and how many bytes of them.
import { defaultLimit } from '../runtime/cache/bound.ts';
import { cacheRoot, featureFolder } from '../runtime/cache/cache-root.ts';
import type { CacheSettings } from '../runtime/cache/feature-cache.ts';
import type { Environment } from './check-file.ts';
import { SessionError } from './session-error.ts';

/** Bytes of features that a run holds in memory; the others it reads from the disk. */
const MEMORY = 2 ** 30;

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** `20GB`, `500 MB`, `1.5g`, a number of bytes. Throws SessionError for anything else. */
export const readSize = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?) *([kmgt]?)b?$/i.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined)
    throw new SessionError(`--cache-size ${text}: write a number of bytes with a unit, such as 500MB or 20GB`);
  return Number(number) * (units[unit.toLowerCase()] ?? 1);
};

/** `size` as the person wrote it; without it 10 GB, or a quarter of the free disk. */
export const cacheSettings = (size: string | undefined, environment: Environment): CacheSettings => {
  const root = cacheRoot(environment);
  const limit = size === undefined ? defaultLimit(featureFolder(root)) : readSize(size);
  return { root, limit, memory: MEMORY };
};
