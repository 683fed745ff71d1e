// Verb: the bytes of a PNG file to pixels. Any depth and colour type; transparency is left out, as PIL's convert('RGB') does.
import { inflateSync } from 'node:zlib';
import { damaged, type Pixels } from './pixels.ts';
import { inflatedBytes, type Pass, passesOf, rowBytes, rowsOf } from './png-rows.ts';
import { type Png, type PngHeader, readPng, samplesOf } from './read-png.ts';

/** Some tools leave bytes behind the pixels; what inflates to more than this is made to fill memory. */
const SPARE_BYTES = 1 << 20;

/** Deflate makes at most 1032 bytes of one. */
const MOST_FROM_ONE = 1032;

const PIECE_BYTES = 1 << 22;

/** Inflated bytes of all passes, never many more. Throws ImageError. */
const inflate = ({ header, deflated }: Png): Uint8Array => {
  const bytes = inflatedBytes(header);
  const short = () => damaged('it has fewer pixels than its size says');
  if (bytes > MOST_FROM_ONE * deflated.length) throw short();
  try {
    const raw = inflateSync(deflated, {
      maxOutputLength: bytes + SPARE_BYTES,
      chunkSize: Math.max(64, Math.min(bytes + 1, PIECE_BYTES)),
    });
    if (raw.length < bytes) throw short();
    return raw;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw damaged('it has more pixels than its size says');
    throw code === 'Z_BUF_ERROR' ? short() : damaged(`its pixels: ${message}`);
  }
};

/** Sample `i` of the row that begins at `at`, in 8 bits: the high byte of 16; fewer as they stand. */
const sampler = (depth: number): ((rows: Uint8Array, at: number, i: number) => number) => {
  if (depth === 16) return (rows, at, i) => rows[at + 2 * i]!;
  if (depth === 8) return (rows, at, i) => rows[at + i]!;
  const highest = 2 ** depth - 1;
  return (rows, at, i) => (rows[at + ((i * depth) >> 3)]! >> (8 - depth - ((i * depth) & 7))) & highest;
};

/** Puts the rows of a pass where they belong in the image. */
const place = ({ header, palette }: Png, pass: Pass, rows: Uint8Array, into: Pixels): void => {
  const samples = samplesOf(header);
  const sample = sampler(header.depth);
  const gain = palette === null && header.depth < 8 ? 255 / (2 ** header.depth - 1) : 1;
  const { channels, bytes, width } = into;
  const length = rowBytes(header, pass);
  for (let y = 0; y < pass.height; y++) {
    let to = ((pass.top + y * pass.down) * width + pass.left) * channels;
    for (let x = 0; x < pass.width; x++, to += pass.right * channels) {
      for (let c = 0; c < channels; c++) {
        const value = sample(rows, y * length, x * samples + (palette === null ? c : 0));
        // Numbers that the palette lacks are black.
        bytes[to + c] = palette === null ? value * gain : (palette[value * 3 + c] ?? 0);
      }
    }
  }
};

const isPlain = ({ depth, type, interlaced }: PngHeader): boolean =>
  depth === 8 && !interlaced && (type === 0 || type === 2);

/** Throws ImageError. */
export const decodePng = (file: Uint8Array): Pixels => {
  const png = readPng(file);
  const { header } = png;
  const { width, height } = header;
  const channels = header.type === 0 || header.type === 4 ? 1 : 3;
  const raw = inflate(png);
  if (isPlain(header)) return { width, height, channels, bytes: rowsOf(header, passesOf(header)[0]!, raw, 0) };
  const pixels: Pixels = { width, height, channels, bytes: new Uint8Array(width * height * channels) };
  let at = 0;
  for (const pass of passesOf(header)) {
    place(png, pass, rowsOf(header, pass, raw, at), pixels);
    at += pass.height * (1 + rowBytes(header, pass));
  }
  return pixels;
};
