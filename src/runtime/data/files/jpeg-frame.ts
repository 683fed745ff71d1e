// Verb: the bytes of a JPEG file → what its frame header says: size, components, how it was coded.
import { damaged, ImageError, type Size, truncated } from './pixels.ts';

export interface JpegFrame extends Size {
  /** 1 grey, 3 colour, 4 CMYK or YCCK. */
  readonly components: number;
}

const [START_OF_SCAN, END, TEM] = [0xda, 0xd9, 0x01];
/** Markers C0 to CF are frame headers, but for tables of codes (C4), an extension (C8) and conditions of arithmetic coding (CC). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const LOSSLESS = [0xc3, 0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf];
const stands = (marker: number): boolean => marker === TEM || (marker >= 0xd0 && marker <= 0xd8);

/**
 * Null where `bytes` end before the frame header: it stands behind whatever a camera keeps of an image. Any number of fill bytes FF may
 * stand before a marker. Throws ImageError.
 */
export const jpegFrame = (bytes: Uint8Array): JpegFrame | null => {
  const word = (at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
  for (let at = 2; at + 1 < bytes.length; ) {
    // As libjpeg does it, other bytes between segments are passed over.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) {
      if (at + 9 >= bytes.length) return null;
      if (LOSSLESS.includes(marker))
        throw new ImageError('is a lossless or hierarchical JPEG image, which is not read');
      const depth = bytes[at + 4]!;
      if (depth !== 8) throw new ImageError(`is a JPEG image of ${depth} bits a sample, of which 8 are read`);
      return { height: word(at + 5), width: word(at + 7), components: bytes[at + 9]! };
    }
    if (marker === START_OF_SCAN || marker === END) throw damaged('it has no size');
    if (stands(marker)) at += 2;
    else if (at + 3 >= bytes.length) return null;
    else at += 2 + Math.max(2, word(at + 2));
  }
  return null;
};

/** Throws ImageError where there is none. */
export const requiredFrame = (bytes: Uint8Array): JpegFrame => {
  const frame = jpegFrame(bytes);
  if (frame === null) throw truncated();
  return frame;
};
