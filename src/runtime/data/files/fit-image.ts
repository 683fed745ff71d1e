// Verb: pixels to another size and number of channels, as the fused kernel does it: half-pixel centres, BT.601 grey.
import type { Wanted } from '../source.ts';
import type { Pixels } from './pixels.ts';

/** Input positions from `first` on and their weights (their sum is 1) that make one output position of an axis. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const tapsAt = (centre: number, from: number, reach: number, { interpolation, antialias }: Wanted): Taps => {
  const inside = Math.min(from - 1, Math.max(0, centre));
  if (interpolation === 'nearest') return { first: Math.min(from - 1, Math.floor(inside + 0.5)), weights: [1] };
  if (!antialias) {
    const first = Math.floor(inside);
    return { first, weights: first === inside ? [1] : [1 - (inside - first), inside - first] };
  }
  const first = Math.max(0, Math.ceil(centre - reach));
  const last = Math.min(from - 1, Math.floor(centre + reach));
  const raw = Array.from({ length: last - first + 1 }, (_, t) => Math.max(0, 1 - Math.abs(first + t - centre) / reach));
  const sum = raw.reduce((a, b) => a + b, 0);
  return { first, weights: raw.map((weight) => weight / sum) };
};

const tapsOf = (from: number, to: number, fit: Wanted): readonly Taps[] =>
  Array.from({ length: to }, (_, i) => tapsAt(((i + 0.5) * from) / to - 0.5, from, Math.max(1, from / to), fit));

/** PIL's mode "L": (19595 r + 38470 g + 7471 b + 32768) / 65536, rounded down. */
const toChannels = ({ width, height, channels, bytes }: Pixels, wanted: number): Uint8Array => {
  if (channels === wanted) return bytes;
  const out = new Uint8Array(width * height * wanted);
  for (let i = 0; i < width * height; i++) {
    if (wanted === 1) {
      out[i] = (19595 * bytes[i * 3]! + 38470 * bytes[i * 3 + 1]! + 7471 * bytes[i * 3 + 2]! + 32768) >> 16;
    } else out.fill(bytes[i]!, i * wanted, (i + 1) * wanted);
  }
  return out;
};

/** height x width x channels bytes, rounded to the nearest. */
export const fitImage = (pixels: Pixels, fit: Wanted): Uint8Array => {
  const { height, width, channels } = fit.image;
  const source = toChannels(pixels, channels);
  if (pixels.height === height && pixels.width === width) return source;
  const columns = tapsOf(pixels.width, width, fit);
  const row = width * channels;
  const narrow = new Float32Array(pixels.height * row);
  for (let y = 0, at = 0; y < pixels.height; y++) {
    for (const { first, weights } of columns) {
      for (let c = 0; c < channels; c++) {
        let from = (y * pixels.width + first) * channels + c;
        let sum = 0;
        for (const weight of weights) {
          sum += weight * source[from]!;
          from += channels;
        }
        narrow[at++] = sum;
      }
    }
  }
  const out = new Uint8Array(height * row);
  for (const [y, { first, weights }] of tapsOf(pixels.height, height, fit).entries()) {
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let t = 0; t < weights.length; t++) sum += weights[t]! * narrow[(first + t) * row + i]!;
      out[y * row + i] = Math.round(sum);
    }
  }
  return out;
};
