// Noun: a decoded image.

/** Bytes, row-major, channels last: 1 grey, 3 red, green, blue. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/** The image is damaged or of a kind that is not read: what is wrong with it, beginning with a verb ("is", "has", "cannot"). */
export class ImageError extends Error {}

/** Larger images are refused before they are decoded. */
const MOST_PIXELS = 100_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Throws ImageError where nothing is there to decode, or too much. */
export const checkSize = ({ width, height }: Size): void => {
  if (width * height === 0) throw new ImageError(`has no pixels: its size is ${width}x${height}`);
  if (width * height > MOST_PIXELS) throw new ImageError(`is too large: ${width}x${height} pixels`);
};

export const truncated = (): ImageError => new ImageError('is truncated: its end is missing');

export const damaged = (what: string): ImageError => new ImageError(`is damaged (${what})`);

/** Where sharp does not load, what it alone reads is named. */
export const withoutSharp = (kind: string): ImageError =>
  new ImageError(`holds ${kind}, which sharp reads, and that does not load on this machine`);
