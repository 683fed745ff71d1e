// Verb: the bytes of an image file to pixels. What a file is, its first bytes say, not its name.
import { openJpegDecoder } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import { ImageError, type Pixels } from './pixels.ts';

type Kind = 'png' | 'jpeg';

/** What stands where at the beginning of each format, as Latin-1 text; those that are not read are named. */
const SIGNATURES: readonly (readonly [kind: Kind | string, at: number, text: string])[] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF8'],
  ['BMP', 0, 'BM'],
  ['WebP', 8, 'WEBP'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['AVIF or HEIC', 4, 'ftyp'],
];

/** How much of a file `kindOf` looks at. */
export const HEAD_BYTES = 16;

/** Throws ImageError where the bytes are neither PNG nor JPEG. */
export const kindOf = (head: Uint8Array): Kind => {
  if (head.length === 0) throw new ImageError('is empty');
  const text = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  const kind = SIGNATURES.find(([, at, begins]) => text.startsWith(begins, at))?.[0];
  if (kind === 'png' || kind === 'jpeg') return kind;
  throw new ImageError(kind === undefined ? 'is no PNG or JPEG image' : `is a ${kind} image, which is not read`);
};

/** The last bytes that a whole file of each kind holds, if not at its very end (some tools add bytes of their own). */
const ENDS: Readonly<Record<Kind, Buffer>> = { png: Buffer.from('IEND'), jpeg: Buffer.from([0xff, 0xd9]) };

/** How much of the end of a file `hasEnd` needs to see, at least. */
export const TAIL_BYTES = 64;

export const hasEnd = (kind: Kind, tail: Uint8Array): boolean => Buffer.from(tail).lastIndexOf(ENDS[kind]) >= 0;

export type DecodeImage = (bytes: Uint8Array) => Pixels;

/** Loads the decoders. What they give throws ImageError. */
export const openDecoder = async (): Promise<DecodeImage> => {
  const decodeJpeg = await openJpegDecoder();
  const decoders: Readonly<Record<Kind, DecodeImage>> = { png: decodePng, jpeg: decodeJpeg };
  return (bytes) => decoders[kindOf(bytes)](bytes);
};
