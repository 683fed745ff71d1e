// Noun: a decoded image.

/** Bytes, row-major, channels last: 1 grey, 3 red, green, blue. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/** The image is damaged or of a kind that is not read: what is wrong with it, beginning with "is" or "cannot". */
export class ImageError extends Error {}

/** Larger images are refused before they are decoded. */
export const MOST_PIXELS = 100_000_000;
