// Verb: file operations on the real disk, and an error of the system → one line with the cure.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, rmdir, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, RunFolderError } from './run-folder.ts';

/**
 * Makes a folder and those around it. Not `recursive: true`: where the system answers ENOENT although the parent is there
 * (/proc), Node 20 then tries for ever.
 */
const makeFolder = async (path: string): Promise<void> => {
  const make = () =>
    mkdir(path).catch(async (error: unknown) => {
      const isFolder = systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory();
      if (!isFolder) throw error;
    });
  try {
    await make();
  } catch (error) {
    const parent = dirname(path);
    if (systemCode(error) !== 'ENOENT' || parent === path || (await exists(parent))) throw error;
    await makeFolder(parent);
    await make();
  }
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export const realDisk: Disk = {
  mkdir: makeFolder,
  writeFile: (path, data) => writeFile(path, data),
  writeDurably: async (path, parts) => {
    const file = await open(path, 'w');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  flush: async (path) => {
    // a folder cannot be opened on Windows, whose file systems keep the order of renames by themselves
    const file = await open(path, 'r').catch(() => null);
    try {
      await file?.sync();
    } finally {
      await file?.close();
    }
  },
  rewrite: (path, data) => {
    writeFileSync(`${path}.new`, data);
    renameSync(`${path}.new`, path);
  },
  claim: (path) => mkdir(path),
  touch: async (path) => {
    const now = new Date();
    await utimes(path, now, now);
  },
  overwrite: async (path, data) => {
    const file = await open(path, 'r+');
    try {
      await file.writeFile(data);
      await file.truncate(data.byteLength);
    } finally {
      await file.close();
    }
  },
  appendFile: (path, data) => appendFileSync(path, data),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  removeEmpty: async (path) => {
    await rmdir(path).catch(() => {});
  },
  exists,
  list: (path) => readdir(path).catch(() => []),
  free: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

/** Code of a system error, such as ENOSPC; null for any other error. */
export const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error ? error.code : null;

/** Cause and cure by system error code; `path` is what was being written. */
const causes: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: (path) => `no space left on the disk of ${path}: free some, or choose another disk with --out DIR`,
  EDQUOT: (path) => `your disk quota is used up at ${path}: free some, or choose another disk with --out DIR`,
  EACCES: (path) => `${path} cannot be written (permission denied): change its permissions, or use --out DIR`,
  EPERM: (path) => `${path} cannot be written (not permitted): change its permissions, or use --out DIR`,
  EROFS: (path) => `${path} is on a read-only disk: choose another place with --out DIR`,
  ENOTDIR: (path) => `${path} cannot be made because a file is in the way: rename it, or use --out DIR`,
  ENOENT: (path) => `${path} cannot be made there: choose another place with --out DIR`,
  EEXIST: (path) => `${path} cannot be made because a file is in the way: rename it, or use --out DIR`,
  ENAMETOOLONG: (path) => `the name of ${path} is too long for this disk: choose a shorter place with --out DIR`,
};

/** The error to show for a failed file operation; errors that do not come from the system pass unchanged. */
export const diskError = (error: unknown, path: string): unknown => {
  if (error instanceof RunFolderError) return error;
  const code = systemCode(error);
  if (code === null) return error;
  const cause = causes[code]?.(path) ?? `${path} cannot be written (${code}): choose another place with --out DIR`;
  return new RunFolderError(cause, { cause: error });
};
