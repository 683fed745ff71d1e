// Verb: an image file → its pixels, brought to the size that is wanted; what cannot be read → one line with the cure.
import { readFileSync } from 'node:fs';
import { DataError, type Wanted } from '../source.ts';
import { hasEnd, kindOf, openDecoder } from './decode-image.ts';
import { fitImage } from './fit-image.ts';
import { ImageError } from './pixels.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'cannot be read: there is no permission',
  EISDIR: 'is a folder, not an image',
};

/** The error for an image that cannot be used. */
export const asDataError = (path: string, error: unknown): DataError => {
  if (error instanceof ImageError)
    return new DataError(
      `${path} ${error.message}. Replace it by a whole PNG or JPEG image, or take it out of the data.`,
    );
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new DataError(
    `${path} ${reasons[code] ?? `cannot be read (${code})`}. Put it there, or take it out of the data.`,
  );
};

/** height x width x channels bytes of `wanted.image`. Throws DataError. */
export type ReadImage = (path: string) => Uint8Array;

/** Loads the decoders. */
export const openImageReader = async (wanted: Wanted): Promise<ReadImage> => {
  const decode = await openDecoder();
  return (path) => {
    try {
      const bytes = readFileSync(path);
      if (!hasEnd(kindOf(bytes), bytes)) throw new ImageError('is truncated: its end is missing');
      return fitImage(decode(bytes), wanted);
    } catch (error) {
      throw asDataError(path, error);
    }
  };
};
