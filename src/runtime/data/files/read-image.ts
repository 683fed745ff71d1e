// Verb: an image file → its pixels, brought to the size that is wanted; what cannot be read → one line with the cure.
import type { Wanted } from '../source.ts';
import { asDataError } from './check-images.ts';
import { type DecodeImage, openDecoder } from './decode-image.ts';
import { fitImage } from './fit-image.ts';
import { readImageFile } from './read-file.ts';

/** height x width x channels bytes of `wanted.image`. Throws DataError. */
export type ReadImage = (path: string) => Promise<Uint8Array>;

/** The decoders are loaded when the first image is read. */
export const imageReader = (wanted: Wanted): ReadImage => {
  let decoder: Promise<DecodeImage> | null = null;
  return async (path) => {
    try {
      decoder ??= openDecoder();
      const decode = await decoder;
      return fitImage(await decode(readImageFile(path)), wanted);
    } catch (error) {
      throw asDataError(path, error);
    }
  };
};
