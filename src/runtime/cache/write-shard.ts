// Verb: rows to a shard's file: under a temporary name, brought to the disk, then renamed. Names are unique, so no lock is needed.
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { realDisk } from '../run-folder/disk.ts';
import { encodeHead, type ShardHead } from './shard.ts';

export const SHARD_SUFFIX = '.shard';
/** A temporary file says whose it is: `tmp-<process>-<random>`. */
export const TEMPORARY = /^tmp-(\d+)-/;

/** Writes a file of these parts and brings it to the disk. Tests put a full disk in its place. */
export type WriteParts = (path: string, parts: readonly Uint8Array[]) => Promise<void>;

export const writeParts: WriteParts = async (path, parts) => {
  const file = await open(path, 'wx');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Answers the path. Throws the system's error; nothing is left then. */
export const writeShard = async (
  folder: string,
  head: ShardHead,
  rows: Uint8Array,
  write: WriteParts = writeParts,
): Promise<string> => {
  const unique = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const temporary = join(folder, `tmp-${unique}`);
  const path = join(folder, `${unique}${SHARD_SUFFIX}`);
  // the folder may have been cleared while the rows were computed
  await realDisk.mkdir(folder);
  try {
    await write(temporary, [encodeHead(head), rows]);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return path;
};
