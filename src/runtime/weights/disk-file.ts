// Noun: a regular file opened for reading of ranges. Folders, pipes and devices are refused before anything is read.
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { WeightFileError } from './weight-file.ts';

export interface DiskFile {
  readonly fd: number;
  /** Bytes. */
  readonly size: number;
  /** Exactly these bytes; the range must lie inside the file. Throws WeightFileError when the file shrank meanwhile. */
  readonly read: (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;
  readonly close: () => Promise<void>;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link to itself',
  ENAMETOOLONG: 'has too long a name',
};

/** Throws WeightFileError for what the system says. */
export const orRefuse = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new WeightFileError(reasons[code] ?? `cannot be read (${code || (error as Error).message})`);
  }
};

/** A read of more at once fails on some systems. */
const most = 2 ** 26;

const readRange = async (handle: FileHandle, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(most, length - done), from + done);
    if (bytesRead === 0) throw new WeightFileError('is cut short');
    done += bytesRead;
  }
  return bytes;
};

/** Opens a regular file, or a link to one. Throws WeightFileError. */
export const openDiskFile = async (path: string): Promise<DiskFile> => {
  const before = await orRefuse(stat(path));
  if (before.isDirectory()) throw new WeightFileError('is a folder');
  if (!before.isFile()) throw new WeightFileError('is not a regular file');
  const handle = await orRefuse(open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  const now = await handle.stat();
  if (!now.isFile()) {
    await handle.close();
    throw new WeightFileError('is not a regular file');
  }
  return {
    fd: handle.fd,
    size: now.size,
    read: async (from, length) => {
      if (from < 0 || length < 0 || from + length > now.size) throw new WeightFileError('is cut short');
      return orRefuse(readRange(handle, from, length));
    },
    close: () => handle.close(),
  };
};
