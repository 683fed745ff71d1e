// Verb: the inflated bytes of a PNG file to rows of samples, without filters: one picture, or the seven of an interlaced file.

import { damaged, type Size } from './pixels.ts';
import { type PngHeader, samplesOf } from './read-png.ts';

/** Pixels of the image at x = left + i * right, y = top + j * down. */
export interface Pass extends Size {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly down: number;
}

/** Adam7: left, top, right, down. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Those that have pixels. */
export const passesOf = ({ width, height, interlaced }: PngHeader): readonly Pass[] =>
  (interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([left, top, right, down]) => ({
      left,
      top,
      right,
      down,
      width: Math.ceil((width - left) / right),
      height: Math.ceil((height - top) / down),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);

/** Bytes of a row, its filter not counted. */
export const rowBytes = (header: PngHeader, { width }: Size): number =>
  Math.ceil((width * samplesOf(header) * header.depth) / 8);

/** Bytes of all rows of all passes with their filters. */
export const inflatedBytes = (header: PngHeader): number =>
  passesOf(header).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(header, pass)), 0);

const paeth = (a: number, b: number, c: number): number => {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - c - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
};

/**
 * One row, filtered from `from` on, into `to` of `out`; `above` is where the row before begins. All rows of `out` are `length` long, and
 * `step` bytes is the pixel before.
 */
type Unfilter = (raw: Uint8Array, from: number, out: Uint8Array, to: number, length: number, step: number) => void;

/** By number of the filter: none, left, above, mean of both, Paeth's choice. */
const filters: readonly Unfilter[] = [
  (raw, from, out, to, length) => out.set(raw.subarray(from, from + length), to),
  (raw, from, out, to, length, step) => {
    for (let x = 0; x < step; x++) out[to + x] = raw[from + x]!;
    for (let x = step; x < length; x++) out[to + x] = raw[from + x]! + out[to + x - step]!;
  },
  (raw, from, out, to, length) => {
    for (let x = 0; x < length; x++) out[to + x] = raw[from + x]! + out[to + x - length]!;
  },
  (raw, from, out, to, length, step) => {
    const above = to - length;
    for (let x = 0; x < step; x++) out[to + x] = raw[from + x]! + (out[above + x]! >> 1);
    for (let x = step; x < length; x++) out[to + x] = raw[from + x]! + ((out[to + x - step]! + out[above + x]!) >> 1);
  },
  (raw, from, out, to, length, step) => {
    const above = to - length;
    for (let x = 0; x < step; x++) out[to + x] = raw[from + x]! + out[above + x]!;
    for (let x = step; x < length; x++)
      out[to + x] = raw[from + x]! + paeth(out[to + x - step]!, out[above + x]!, out[above + x - step]!);
  },
];

/** The rows of a pass, one behind the other. `at`: where it begins in `raw`. Throws ImageError. */
export const rowsOf = (header: PngHeader, pass: Pass, raw: Uint8Array, at: number): Uint8Array => {
  const length = rowBytes(header, pass);
  const step = Math.max(1, (samplesOf(header) * header.depth) >> 3);
  // A row of zeros stands above the first.
  const out = new Uint8Array(length * (pass.height + 1));
  for (let y = 0; y < pass.height; y++) {
    const from = at + y * (length + 1);
    const filter = filters[raw[from]!];
    if (filter === undefined) throw damaged(`there is no filter ${raw[from]}`);
    filter(raw, from + 1, out, (y + 1) * length, length, Math.min(step, length));
  }
  return out.subarray(length);
};
