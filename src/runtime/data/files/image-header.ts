// Verb: the first bytes of an image file → its size, and whether its end is there, as far as both can be told without decoding.
import { bmpEnd, readBmpHeader } from './decode-bmp.ts';
import { GIF_END, hasFirstPicture } from './decode-gif.ts';
import type { ImageKind } from './image-kind.ts';
import { jpegFrame } from './jpeg-frame.ts';
import { checkSize, type Size, truncated } from './pixels.ts';
import { readPngHeader } from './read-png.ts';
import { readTiffHeader } from './tiff-header.ts';

/** What is looked at: the first bytes (all of a short file), the last ones, and the length of the file. */
export interface Ends {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly length: number;
}

interface Format {
  /** Null where the first bytes do not say it: more of the file must be read. Throws ImageError. */
  readonly size: (head: Buffer) => Size | null;
  /** Whether the file is whole; null where the last bytes do not say it. */
  readonly whole: (ends: Ends) => boolean | null;
}

const needed = (head: Buffer, bytes: number): void => {
  if (head.length < bytes) throw truncated();
};

/** Some tools add bytes of their own behind the end. */
const endsWith =
  (mark: Buffer) =>
  (ends: Ends): boolean | null => {
    if (ends.tail.lastIndexOf(mark) >= 0) return true;
    return ends.head.length === ends.length ? ends.head.lastIndexOf(mark) >= 0 : null;
  };

const WEBP_SIZES: Readonly<Record<string, (head: Buffer) => Size>> = {
  'VP8 ': (head) => ({ width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff }),
  VP8L: (head) => {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  },
  VP8X: (head) => ({ width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 }),
};

/** Boxes one behind the other, each with its length: all of the file. */
const boxesFit = (head: Buffer, length: number): boolean | null => {
  let at = 0;
  while (at < length) {
    if (at + 16 > head.length) return at + 8 <= length && head.length < length ? null : at === length;
    const size = head.readUInt32BE(at);
    if (size === 0) return true;
    at += size === 1 ? Number(head.readBigUInt64BE(at + 8)) : Math.max(8, size);
  }
  return at === length;
};

/** Passes as a size. */
const UNKNOWN: Size = { width: 1, height: 1 };

const FORMATS: Readonly<Record<ImageKind, Format>> = {
  PNG: {
    size: readPngHeader,
    whole: endsWith(Buffer.from('IEND')),
  },
  JPEG: { size: jpegFrame, whole: endsWith(Buffer.from([0xff, 0xd9])) },
  GIF: {
    size: (head) => {
      needed(head, 13);
      return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
    },
    whole: ({ head, tail, length }) => {
      if (tail.at(-1) === GIF_END) return true;
      return head.length === length ? hasFirstPicture(head) : null;
    },
  },
  BMP: { size: readBmpHeader, whole: ({ head, length }) => bmpEnd(readBmpHeader(head)) <= length },
  WebP: {
    size: (head) => {
      needed(head, 30);
      return WEBP_SIZES[head.toString('latin1', 12, 16)]?.(head) ?? null;
    },
    whole: ({ head, length }) => head.readUInt32LE(4) + 8 <= length,
  },
  TIFF: {
    size: readTiffHeader,
    whole: ({ head, length }) => {
      const header = readTiffHeader(head);
      return header === null ? (head.length < length ? null : false) : header.end <= length;
    },
  },
  // Its size stands deep in it; the decoder says it.
  AVIF: { size: () => UNKNOWN, whole: ({ head, length }) => boxesFit(head, length) },
};

/**
 * Throws ImageError where a file of this kind cannot be an image, or is cut. `readAll` gives the whole file; it is called where its ends do
 * not say enough.
 */
export const checkEnds = (kind: ImageKind, ends: Ends, readAll: () => Buffer): void => {
  const { size, whole } = FORMATS[kind];
  let all: Ends | null = ends.head.length === ends.length ? ends : null;
  const everything = (): Ends => {
    const head = readAll();
    all ??= { head, tail: head, length: head.length };
    return all;
  };
  const found = size(ends.head) ?? (all === null ? size(everything().head) : null);
  if (found !== null) checkSize(found);
  if ((whole(ends) ?? (all === null ? whole(everything()) : null)) === false) throw truncated();
};
