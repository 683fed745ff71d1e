// Noun: the kinds of image files, told apart by their first bytes, not by their names.
import { ImageError } from './pixels.ts';

export type ImageKind = 'PNG' | 'JPEG' | 'GIF' | 'BMP' | 'WebP' | 'TIFF' | 'AVIF';

/** What stands where at the beginning of each kind, as Latin-1 text. */
const SIGNATURES: readonly (readonly [kind: ImageKind, at: number, text: string])[] = [
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['JPEG', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF87a'],
  ['GIF', 0, 'GIF89a'],
  ['BMP', 0, 'BM'],
  ['WebP', 8, 'WEBP'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['AVIF', 4, 'ftypavif'],
  ['AVIF', 4, 'ftypavis'],
];

/** What people have under the names of images, and how it came there. */
const OTHERS: readonly (readonly [begins: RegExp, what: string])[] = [
  [/^....ftyp/s, 'is a HEIC image, which is not read'],
  [/^version https:\/\/git-lfs/, 'is the pointer of a file in Git LFS, not the file (git lfs pull fetches it)'],
  [/^\s*<(!doctype|html)/i, 'is a page of the web, not an image'],
  [/^8BPS/, 'is a Photoshop image, which is not read'],
  [/^P[1-7]\s/, 'is a PNM image, which is not read'],
  [/^\s*<(svg|\?xml)/, 'is an SVG drawing, which is not read'],
];

/** How much of a file `kindOf` looks at. */
const HEAD_BYTES = 64;

/** Throws ImageError where the bytes begin as no kind does. */
export const kindOf = (head: Uint8Array): ImageKind => {
  if (head.length === 0) throw new ImageError('is empty');
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(HEAD_BYTES, head.length)).toString('latin1');
  const kind = SIGNATURES.find(([, at, begins]) => text.startsWith(begins, at))?.[0];
  if (kind !== undefined) return kind;
  throw new ImageError(OTHERS.find(([begins]) => begins.test(text))?.[1] ?? 'is no image of a kind that is read');
};

/** Names of files that are taken for images. */
export const IMAGE_NAME = /\.(png|apng|jpe?g|jpe|jfif|gif|bmp|dib|webp|tiff?|avif)$/i;

/** Names of images that are not read: never left out in silence. */
export const FOREIGN_NAME = /\.(heic|heif|ppm|pgm|pbm|pnm|jp2|j2k|jxl|psd)$/i;

/** For people. */
export const KINDS = 'PNG, JPEG, GIF, BMP, WebP, TIFF or AVIF';
