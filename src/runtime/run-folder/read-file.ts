// Verb: a file of a run folder → its bytes or text; what is missing, damaged or unreadable → one line with the cure.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { notAFile, readRegular } from '../read-regular.ts';
import { changedSince, sumsFile } from './checksums.ts';
import { systemCode } from './disk.ts';
import { RunFolderError } from './run-folder.ts';

/** What helps where a file is damaged and nothing else is known of it. */
const anew = 'restore it from a copy of the folder, or run the pipeline anew';

/** The error for a file that cannot be used. `problem` is half a sentence: `is empty`. */
export const damaged = (folder: string, name: string, problem: string, cure = anew): RunFolderError =>
  new RunFolderError(`${join(folder, name)} ${problem}: ${cure}`);

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is missing',
  ENOTDIR: 'is missing',
  EISDIR: 'is a folder, not a file',
  EACCES: 'cannot be read: there is no permission',
  EPERM: 'cannot be read: there is no permission',
};

/** Throws RunFolderError where the folder is none. */
export const requireFolder = async (folder: string): Promise<void> => {
  const found = await stat(folder).catch(() => null);
  if (found === null)
    throw new RunFolderError(`${folder} is not there: name the folder of a run, such as runs/NAME/TIME`);
  if (!found.isDirectory()) throw new RunFolderError(`${folder} is a file: name the folder of a run`);
};

export interface ReadOptions {
  /** What helps against whatever is wrong with this file. */
  readonly cure?: string;
  /** An empty file is a good one. */
  readonly empty?: boolean;
}

const bytesOf = (folder: string, name: string, cure: string | undefined): Buffer => {
  try {
    return readRegular(join(folder, name));
  } catch (error) {
    const code = systemCode(error);
    const problem = notAFile(error) ?? reasons[code ?? ''] ?? (code === null ? null : `cannot be read (${code})`);
    if (problem === null) throw error;
    throw damaged(folder, name, problem, cure);
  }
};

/** Throws RunFolderError where the file is missing, empty, unreadable, or not as the run left it. */
export const readBytes = async (folder: string, name: string, options: ReadOptions = {}): Promise<Uint8Array> => {
  const { cure, empty = false } = options;
  const bytes = bytesOf(folder, name, cure);
  if (bytes.length === 0 && !empty) throw damaged(folder, name, 'is empty', cure);
  const changed = bytes.length === 0 ? null : changedSince(folder, name, bytes);
  if (changed !== null) {
    const own = `restore it from a copy of the folder; if you changed it yourself, take its line out of ${sumsFile}`;
    throw damaged(folder, name, changed, cure ?? own);
  }
  return bytes;
};

/** UTF-8. Throws RunFolderError as `readBytes` does, and where the bytes are no text. */
export const readText = async (folder: string, name: string, options: ReadOptions = {}): Promise<string> => {
  const bytes = await readBytes(folder, name, options);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged(folder, name, 'is damaged: it is not text in UTF-8', options.cure);
  }
};

/** Throws RunFolderError as `readText` does, and where the text is no JSON. */
export const readJson = async (folder: string, name: string): Promise<unknown> => {
  const text = await readText(folder, name);
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(folder, name, 'is damaged: it is not valid JSON');
  }
};
