// Verb: the bytes of a BMP file to pixels: 1 to 32 bits, masks, runs of equal pixels, rows from below or above. Transparency is left out.
import { checkSize, damaged, ImageError, type Pixels, type Size, truncated } from './pixels.ts';

export interface BmpHeader extends Size {
  readonly fromAbove: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the palette, or else the masks, begin: behind the header. */
  readonly behind: number;
  /** Where the pixels begin. */
  readonly at: number;
  /** Red, green, blue (and one unused) of each colour, in the other order. */
  readonly colours: { readonly count: number; readonly bytes: 3 | 4 };
}

const FILE_HEADER = 14;
/** The oldest header, of OS/2: sizes of two bytes, colours of three. */
const OLDEST = 12;
const HEADERS = [40, 52, 56, 64, 108, 124];
const COMPRESSION = { none: 0, runs8: 1, runs4: 2, masks: 3 } as const;

/** Throws ImageError where pixels of so many bits are not read, or not with that compression. */
const checkCoding = ({ bits, compression }: BmpHeader): void => {
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw damaged(`there are no pixels of ${bits} bits`);
  const runs = { [COMPRESSION.runs8]: 8, [COMPRESSION.runs4]: 4 }[compression];
  const known = compression === COMPRESSION.none || runs === bits || (compression === COMPRESSION.masks && bits >= 16);
  if (!known) throw new ImageError(`is a BMP image of ${bits} bits with compression ${compression}, which is not read`);
};

const parseHeader = (bytes: Buffer): BmpHeader => {
  const need = (end: number): void => {
    if (end > bytes.length) throw truncated();
  };
  need(FILE_HEADER + OLDEST);
  const [at, length] = [bytes.readUInt32LE(10), bytes.readUInt32LE(14)];
  if (length === OLDEST) {
    const [width, height, bits] = [bytes.readUInt16LE(18), bytes.readUInt16LE(20), bytes.readUInt16LE(24)];
    const behind = FILE_HEADER + OLDEST;
    return {
      width,
      height,
      fromAbove: false,
      bits,
      compression: 0,
      behind,
      at,
      colours: { count: 2 ** Math.min(bits, 8), bytes: 3 },
    };
  }
  if (!HEADERS.includes(length)) throw damaged(`there is no header of ${length} bytes`);
  need(FILE_HEADER + length);
  const [width, height, bits] = [bytes.readInt32LE(18), bytes.readInt32LE(22), bytes.readUInt16LE(28)];
  const [compression, count] = [bytes.readUInt32LE(30), bytes.readUInt32LE(46)];
  return {
    width: Math.max(0, width),
    height: Math.abs(height),
    fromAbove: height < 0,
    bits,
    compression,
    at,
    behind: FILE_HEADER + length,
    colours: { count: count === 0 ? 2 ** Math.min(bits, 8) : Math.min(count, 256), bytes: 4 },
  };
};

/** Throws ImageError. */
export const readBmpHeader = (bytes: Buffer): BmpHeader => {
  const header = parseHeader(bytes);
  checkSize(header);
  checkCoding(header);
  return header;
};

/** Bytes of a row that is not compressed: a multiple of four. */
const rowBytes = ({ width, bits }: BmpHeader): number => Math.ceil((width * bits) / 32) * 4;

/** Where the pixels end, if that is known without reading them. */
export const bmpEnd = (header: BmpHeader): number =>
  header.compression === COMPRESSION.runs8 || header.compression === COMPRESSION.runs4
    ? header.at
    : header.at + rowBytes(header) * (header.height - 1) + Math.ceil((header.width * header.bits) / 8);

/** Runs of equal pixels, and pixels one by one, from the lowest row up: numbers of colours. Throws ImageError. */
const unpackRuns = (bytes: Uint8Array, { width, height, compression, at: start }: BmpHeader): Uint8Array => {
  const out = new Uint8Array(width * height);
  const four = compression === COMPRESSION.runs4;
  let [at, x, y] = [start, 0, 0];
  const next = (): number => {
    if (at >= bytes.length) throw truncated();
    return bytes[at++]!;
  };
  const put = (value: number): void => {
    if (x < width && y < height) out[y * width + x] = value;
    x += 1;
  };
  const putOf = (byte: number, i: number): void => put(four ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  while (y < height) {
    const [count, value] = [next(), next()];
    if (count > 0) for (let i = 0; i < count; i++) putOf(value, i);
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) [x, y] = [x + next(), y + next()];
    else {
      const from = at;
      for (let i = 0, byte = 0; i < value; i++) {
        if (!four || i % 2 === 0) byte = next();
        putOf(byte, i);
      }
      if ((at - from) % 2 === 1) at += 1;
    }
  }
  return out;
};

const numbersOf = (bytes: Uint8Array, header: BmpHeader): Uint8Array => {
  const { width, height, bits, compression, at } = header;
  if (compression !== COMPRESSION.none) return unpackRuns(bytes, header);
  const out = new Uint8Array(width * height);
  const [row, highest] = [rowBytes(header), 2 ** bits - 1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      out[y * width + x] = (bytes[at + y * row + (bit >> 3)]! >> (8 - bits - (bit & 7))) & highest;
    }
  return out;
};

/** Bits of red, green and blue in a pixel. */
type Masks = readonly [number, number, number];

const BYTES: Masks = [0xff0000, 0xff00, 0xff];

const masksOf = (bytes: Buffer, { bits, compression, behind }: BmpHeader): Masks => {
  if (compression !== COMPRESSION.masks) return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : BYTES;
  const at = FILE_HEADER + 40;
  if (Math.max(at + 12, behind) > bytes.length) throw truncated();
  const masks: Masks = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
  return masks.every((mask) => mask === 0) ? BYTES : masks;
};

/** The bits of a mask in a pixel, 0 to 255. */
const channelOf = (mask: number): ((pixel: number) => number) => {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  return (pixel) => Math.floor((((pixel & mask) >>> shift) * 255) / highest);
};

const fromPalette = (bytes: Buffer, header: BmpHeader, out: Uint8Array): void => {
  const { width, height, behind, fromAbove, colours } = header;
  const palette = bytes.subarray(behind, behind + colours.count * colours.bytes);
  const numbers = numbersOf(bytes, header);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0, to = (fromAbove ? y : height - 1 - y) * width * 3; x < width; x++, i++, to += 3)
      for (let c = 0; c < 3; c++) out[to + c] = palette[numbers[i]! * colours.bytes + 2 - c] ?? 0;
};

const fromMasks = (bytes: Buffer, header: BmpHeader, out: Uint8Array): void => {
  const { width, height, bits, fromAbove, at } = header;
  const masks = masksOf(bytes, header);
  const channels = masks.map(channelOf);
  const [row, step] = [rowBytes(header), bits / 8];
  for (let y = 0; y < height; y++) {
    let to = (fromAbove ? y : height - 1 - y) * width * 3;
    for (let x = 0, from = at + y * row; x < width; x++, from += step) {
      if (masks === BYTES) for (let c = 2; c >= 0; c--) out[to++] = bytes[from + c]!;
      else for (const channel of channels) out[to++] = channel(bytes.readUIntLE(from, step));
    }
  }
};

/** Throws ImageError. */
export const decodeBmp = (file: Uint8Array): Pixels => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const header = readBmpHeader(bytes);
  const { width, height, bits } = header;
  if (bmpEnd(header) > bytes.length) throw truncated();
  const out = new Uint8Array(width * height * 3);
  (bits <= 8 ? fromPalette : fromMasks)(bytes, header, out);
  return { width, height, channels: 3, bytes: out };
};
