// Verb: the path of an image → the bytes of the regular file there, all or those at both ends.
import { closeSync, readSync } from 'node:fs';
import { openRegular, readRegular } from '../../read-regular.ts';
import type { Ends } from './image-header.ts';
import { ImageError } from './pixels.ts';

/** No image that is trained on is larger. */
const MOST_BYTES = 512 * 2 ** 20;

const tooLarge = (): ImageError => new ImageError('is too large: it has more than 512 MB');

/** Throws ImageError, and as `readRegular`. */
export const readImageFile = (path: string): Buffer => {
  const bytes = readRegular(path, MOST_BYTES + 1);
  if (bytes.length > MOST_BYTES) throw tooLarge();
  return bytes;
};

/** Enough for the header of nearly every file. */
const HEAD_BYTES = 1 << 14;
const TAIL_BYTES = 64;

/** The first and last bytes. Throws as `readImageFile`. */
export const readEnds = (path: string): Ends => {
  const { file, size: length } = openRegular(path);
  try {
    if (length > MOST_BYTES) throw tooLarge();
    const read = (from: number, bytes: number): Buffer => {
      const into = Buffer.alloc(bytes);
      return into.subarray(0, readSync(file, into, 0, bytes, from));
    };
    const head = read(0, Math.min(HEAD_BYTES, length));
    const tail = head.length === length ? head : read(length - TAIL_BYTES, TAIL_BYTES);
    return { head, tail, length };
  } finally {
    closeSync(file);
  }
};
