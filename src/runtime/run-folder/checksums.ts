// Verb: the files of a run folder ↔ SHA256SUMS, which `sha256sum -c SHA256SUMS` checks as well.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { notAFile, readRegular } from '../read-regular.ts';
import { RunFolderError } from './run-folder.ts';

export const sumsFile = 'SHA256SUMS';

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  return hash.digest('hex');
};

/** All files of a folder as a text of one line a file, in the order of their names, but for SHA256SUMS itself and those `without`. */
export const sumsOf = async (folder: string, without: readonly string[] = []): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== sumsFile && !without.includes(name))
    .sort();
  const lines: string[] = [];
  for (const name of names) lines.push(`${await digestOf(join(folder, name))}  ${name}\n`);
  return lines.join('');
};

const LINE = /^([0-9a-f]{64}) [ *](.+)$/;

/** Empty where there is no such file. Throws RunFolderError for what is no file. */
const textOf = (path: string): string => {
  try {
    return readRegular(path).toString('latin1');
  } catch (error) {
    const other = notAFile(error);
    if (other !== null)
      throw new RunFolderError(`${path} ${other}: restore it from a copy of the folder, or delete it`);
    return '';
  }
};

/** Digests by name; empty where the folder has no sums. Throws RunFolderError for a line that is none. */
const readSums = (folder: string): ReadonlyMap<string, string> => {
  const path = join(folder, sumsFile);
  const text = textOf(path);
  const lines = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
  return new Map(
    lines.flatMap((line, i) => {
      if (line === '' && text === '') return [];
      const match = LINE.exec(line);
      if (match !== null) return [[match[2]!, match[1]!] as const];
      throw new RunFolderError(
        `${path} is damaged in line ${i + 1}: restore it from a copy of the folder, or delete it to read the folder without checking its files`,
      );
    }),
  );
};

/**
 * What is wrong with the bytes of a file, in half a sentence, by the sums of its folder; null where nothing is, or the folder has no sums of
 * it. Throws RunFolderError where the sums themselves are damaged.
 */
export const changedSince = (folder: string, name: string, bytes: Uint8Array): string | null => {
  const wanted = readSums(folder).get(name);
  if (wanted === undefined || wanted === createHash('sha256').update(bytes).digest('hex')) return null;
  return `is not as the run left it (${sumsFile})`;
};
