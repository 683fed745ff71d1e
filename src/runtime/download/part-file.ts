// Noun: the part of a file that has come so far, beside its place in the cache. Its name says who writes it and of which version it is.
import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';

export interface Part {
  readonly path: string;
  /** Strong ETag or Last-Modified of the version that it is a part of; empty where the server named none. */
  readonly version: string;
  readonly bytes: number;
}

const host = createHash('md5').update(hostname()).digest('hex').slice(0, 6);
/** Parts that this process writes now: two threads of work may want the same file. */
const writing = new Set<string>();
let number = 0;

/** Longest version that fits into a name of 255 bytes; a longer one is not kept. */
const VERSION = 90;

const encode = (version: string): string =>
  version.length > VERSION ? '' : Buffer.from(version).toString('base64url');

/** `<file>.part-<host>-<process>.<number>-<version>`: no other writer has this name. */
export const newPart = (folder: string, file: string, version: string): Part => {
  const path = join(folder, `${file}.part-${host}-${process.pid}.${number++}-${encode(version)}`);
  writing.add(path);
  return { path, version: version.length > VERSION ? '' : version, bytes: 0 };
};

export const releasePart = ({ path }: Part): void => {
  writing.delete(path);
};

export const dropPart = async (part: Part): Promise<void> => {
  await rm(part.path, { force: true });
  releasePart(part);
};

/** After so long without a write nobody is behind a part, whatever its process number says. */
const ABANDONED_MS = 60 * 60 * 1000;

/** Parts of `file` that nobody writes, largest first. */
const abandoned = async (folder: string, file: string): Promise<readonly Part[]> => {
  const names = await readdir(folder).catch(() => []);
  const found: Part[] = [];
  for (const name of names) {
    if (!name.startsWith(`${file}.part-`)) continue;
    const match = /^([0-9a-f]{6})-(\d+)\.\d+-([\w-]*)$/.exec(name.slice(file.length + 6));
    const path = join(folder, name);
    const known = await stat(path).catch(() => null);
    if (match === null || known === null || !known.isFile()) continue;
    const [, where, pid, version] = match;
    const owner = Number(pid);
    const ours = where === host && owner === process.pid;
    const owned = ours ? writing.has(path) : where !== host || isAlive(owner);
    if (owned && (ours || Date.now() - known.mtimeMs < ABANDONED_MS)) continue;
    found.push({ path, version: Buffer.from(version ?? '', 'base64url').toString(), bytes: known.size });
  }
  return found.sort((a, b) => b.bytes - a.bytes);
};

/**
 * Takes over the largest part of `file` that an ended process left, by renaming it: of two processes one gets it. Parts without a
 * version are taken only where a hash will tell a mixture (`hashed`). Null where there is none.
 */
export const adoptPart = async (folder: string, file: string, hashed: boolean): Promise<Part | null> => {
  for (const found of await abandoned(folder, file)) {
    if (found.bytes === 0 || (found.version === '' && !hashed)) continue;
    const mine = newPart(folder, file, found.version);
    try {
      await rename(found.path, mine.path);
      return { ...mine, bytes: found.bytes };
    } catch {
      releasePart(mine);
    }
  }
  return null;
};

/** Removes what ended processes left of `file`: it is whole now. */
export const sweepParts = async (folder: string, file: string): Promise<void> => {
  for (const { path } of await abandoned(folder, file)) await rm(path, { force: true });
};
