// Verb: the bytes of a PNG file to pixels. Any depth and colour type; transparency is left out, as PIL's convert('RGB') does.
import { type DecodedPng, decode } from 'fast-png';
import { ImageError, MOST_PIXELS, type Pixels } from './pixels.ts';

/** Samples of 8 bits: the high byte of 16, and 1, 2 or 4 bits of a row unpacked (as numbers where they index a palette). */
const samples = ({ data, depth, width, height, channels, palette }: DecodedPng): Uint8Array => {
  const row = width * channels;
  if (depth === 16) return Uint8Array.from(data, (value) => value >> 8);
  if (depth === 8) return data as Uint8Array;
  const packed = Math.ceil((row * depth) / 8);
  const highest = 2 ** depth - 1;
  const gain = palette === undefined ? 255 / highest : 1;
  const out = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row; x++) {
      const bit = x * depth;
      const byte = data[y * packed + (bit >> 3)]!;
      out[y * row + x] = ((byte >> (8 - depth - (bit & 7))) & highest) * gain;
    }
  }
  return out;
};

/** Width and height stand in the first chunk, at bytes 16 and 20. */
const refuseHuge = (bytes: Uint8Array): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width * height > MOST_PIXELS) throw new ImageError(`is too large: ${width}x${height} pixels`);
};

/** Throws ImageError. */
export const decodePng = (bytes: Uint8Array): Pixels => {
  let png: DecodedPng;
  try {
    refuseHuge(bytes);
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    if (error instanceof ImageError) throw error;
    // A read behind the end of the bytes.
    if (error instanceof RangeError) throw new ImageError('is truncated: its end is missing');
    throw new ImageError(`is damaged (${error instanceof Error ? error.message : String(error)})`);
  }
  const { width, height, channels, palette } = png;
  const values = samples(png);
  const count = width * height;
  if (palette === undefined && channels === 1) return { width, height, channels: 1, bytes: values };
  if (palette === undefined && channels === 3) return { width, height, channels: 3, bytes: values };
  if (palette === undefined && channels === 2) {
    return { width, height, channels: 1, bytes: Uint8Array.from({ length: count }, (_, i) => values[i * 2]!) };
  }
  const out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const colour = palette === undefined ? values.subarray(i * channels, i * channels + 3) : palette[values[i]!];
    if (colour === undefined) throw new ImageError('is damaged (a pixel has a colour that its palette lacks)');
    for (let c = 0; c < 3; c++) out[i * 3 + c] = colour[c]!;
  }
  return { width, height, channels: 3, bytes: out };
};
