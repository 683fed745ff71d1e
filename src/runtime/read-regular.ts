// Verb: the path of a file that a person named → its bytes, or an error of the system's kind: no pipe, no device, and no more than is wanted.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** Code of the error for what is there and is no file. */
export const NOT_A_FILE = 'NOT_A_FILE';

const kindOf = (stats: Stats): string => {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'no file';
};

/** Half a sentence for an error of `openRegular`: `is a named pipe`; null for one of the system. */
export const notAFile = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && error.code === NOT_A_FILE ? error.message : null;

/** A file descriptor. A pipe is opened without waiting for its other end, and refused. Throws what the system throws. */
export const openRegular = (path: string): { readonly file: number; readonly size: number } => {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = fstatSync(file);
  if (stats.isFile()) return { file, size: stats.size };
  closeSync(file);
  if (stats.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR', syscall: 'open' });
  throw Object.assign(new Error(`is ${kindOf(stats)}, not a file`), { code: NOT_A_FILE });
};

const PART = 2 ** 20;

/** Bytes of an open file from its beginning, at most so many; its size does not have to be known. */
const readMost = (file: number, size: number, most: number): Buffer => {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const part = Buffer.allocUnsafe(Math.min(most - length, Math.max(PART, size - length)));
    const read = readSync(file, part, 0, part.length, null);
    if (read === 0) break;
    parts.push(part.subarray(0, read));
    length += read;
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
};

/** The first `most` bytes of a regular file, all of a shorter one. Throws what the system throws, and an error of the code NOT_A_FILE. */
export const readRegular = (path: string, most = Number.POSITIVE_INFINITY): Buffer => {
  const { file, size } = openRegular(path);
  try {
    return readMost(file, Math.min(size, most), most);
  } finally {
    closeSync(file);
  }
};

/** The first `most` bytes of standard input, whatever it is. */
export const readStandardInput = (most: number): Buffer => readMost(0, 0, most);
