// Verb: an image file → its pixels, brought to the size that is wanted; what cannot be read → one line with the cure.
import { notAFile, readRegular } from '../../read-regular.ts';
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
    `${path} ${reasons[code] ?? notAFile(error) ?? `cannot be read (${code})`}. Put it there, or take it out of the data.`,
  );
};

/** No image that is trained on is larger. */
const MOST_BYTES = 512 * 2 ** 20;

/** height x width x channels bytes of `wanted.image`. Throws DataError. */
export type ReadImage = (path: string) => Uint8Array;

/** Loads the decoders. */
export const openImageReader = async (wanted: Wanted): Promise<ReadImage> => {
  const decode = await openDecoder();
  return (path) => {
    try {
      const bytes = readRegular(path, MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) throw new ImageError('has more than 512 MB');
      if (!hasEnd(kindOf(bytes), bytes)) throw new ImageError('is truncated: its end is missing');
      return fitImage(decode(bytes), wanted);
    } catch (error) {
      throw asDataError(path, error);
    }
  };
};
