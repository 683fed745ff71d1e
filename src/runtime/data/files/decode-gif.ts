// Verb: the bytes of a GIF file to the pixels of its first picture, on its screen as Pillow lays it there.
import { checkSize, damaged, type Pixels, truncated } from './pixels.ts';

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** Red, green, blue of each colour; null: numbers are greys. */
  readonly palette: Uint8Array | null;
  /** The number of the colour that is not seen: it fills what the picture leaves of the screen. */
  readonly clear: number;
  /** Where the codes begin. */
  readonly at: number;
}

const SCREEN = 13;
const [EXTENSION, PICTURE] = [0x21, 0x2c];
export const GIF_END = 0x3b;

const need = (bytes: Buffer, end: number): void => {
  if (end > bytes.length) throw truncated();
};

/** A table of colours whose flags stand at `flags`; null where they say that there is none. */
const paletteAt = (bytes: Buffer, flags: number, at: number): Uint8Array | null => {
  if ((bytes[flags]! & 0x80) === 0) return null;
  const length = 6 << (bytes[flags]! & 7);
  need(bytes, at + length);
  return bytes.subarray(at, at + length);
};

/** Pieces of up to 255 bytes, their lengths before them, from `at` on; and where they end. */
const piecesAt = (bytes: Buffer, from: number): { readonly pieces: readonly Buffer[]; readonly end: number } => {
  const pieces: Buffer[] = [];
  for (let at = from; ; ) {
    need(bytes, at + 1);
    const length = bytes[at]!;
    if (length === 0) return { pieces, end: at + 1 };
    need(bytes, at + 1 + length);
    pieces.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
};

const GRAPHIC_CONTROL = 0xf9;

const firstFrame = (bytes: Buffer): Frame => {
  const shared = paletteAt(bytes, 10, SCREEN);
  let at = SCREEN + (shared?.length ?? 0);
  let clear = 0;
  for (;;) {
    need(bytes, at + 1);
    if (bytes[at] === EXTENSION) {
      need(bytes, at + 2);
      const { pieces, end } = piecesAt(bytes, at + 2);
      const [control] = pieces;
      if (bytes[at + 1] === GRAPHIC_CONTROL && control !== undefined && (control[0]! & 1) === 1)
        clear = control[3] ?? 0;
      at = end;
    } else if (bytes[at] === PICTURE) {
      need(bytes, at + 11);
      const [left, top, width, height] = [1, 3, 5, 7].map((i) => bytes.readUInt16LE(at + i)) as [
        number,
        number,
        number,
        number,
      ];
      const own = paletteAt(bytes, at + 9, at + 10);
      const interlaced = (bytes[at + 9]! & 0x40) !== 0;
      return { left, top, width, height, interlaced, palette: own ?? shared, clear, at: at + 10 + (own?.length ?? 0) };
    } else if (bytes[at] === GIF_END) throw damaged('it has no picture');
    else at += 1;
  }
};

const MOST_CODES = 4096;

/** LZW with codes of growing length: `count` numbers. Throws ImageError. */
const unpack = (data: Uint8Array, smallest: number, count: number): Uint8Array => {
  if (smallest < 1 || smallest > 11) throw damaged(`there are no codes of ${smallest} bits`);
  const [reset, end] = [1 << smallest, (1 << smallest) + 1];
  // Each code is the one before it with one number more.
  const before = new Uint16Array(MOST_CODES);
  const last = Uint8Array.from({ length: MOST_CODES }, (_, i) => i);
  const first = Uint8Array.from({ length: MOST_CODES }, (_, i) => i);
  const lengths = new Uint16Array(MOST_CODES).fill(1);
  const out = new Uint8Array(count);
  let [next, bits, previous, filled, held, have] = [end + 1, smallest + 1, -1, 0, 0, 0];
  for (let at = 0; filled < count; ) {
    for (; have < bits; have += 8) {
      if (at >= data.length) throw truncated();
      held |= data[at++]! << have;
    }
    const code = held & ((1 << bits) - 1);
    held >>>= bits;
    have -= bits;
    if (code === reset) [next, bits, previous] = [end + 1, smallest + 1, -1];
    else if (code === end) throw damaged('it has fewer pixels than its size says');
    else if (code > next || (previous < 0 && code >= reset) || (code === next && next >= MOST_CODES))
      throw damaged('a code of its pixels comes too early');
    else {
      if (previous >= 0 && next < MOST_CODES) {
        before[next] = previous;
        first[next] = first[previous]!;
        last[next] = first[code === next ? previous : code]!;
        lengths[next] = lengths[previous]! + 1;
        next += 1;
        if (next === 1 << bits && bits < 12) bits += 1;
      }
      const stop = filled + lengths[code]!;
      for (let [o, c] = [stop - 1, code]; o >= filled; o--, c = before[c]!) if (o < count) out[o] = last[c]!;
      filled = stop;
      previous = code;
    }
  }
  return out;
};

/** The rows of an interlaced picture in the order of the file: every eighth, those between, and so on. */
const rowOrder = (height: number, interlaced: boolean): readonly number[] => {
  const every = (from: number, step: number): readonly number[] =>
    Array.from({ length: Math.max(0, Math.ceil((height - from) / step)) }, (_, i) => from + i * step);
  return interlaced ? [...every(0, 8), ...every(4, 8), ...every(2, 4), ...every(1, 2)] : every(0, 1);
};

/** Whether the codes of the first picture are all there; whatever follows them is not needed. Throws ImageError. */
export const hasFirstPicture = (bytes: Buffer): boolean => {
  need(bytes, SCREEN);
  piecesAt(bytes, firstFrame(bytes).at + 1);
  return true;
};

/** Throws ImageError. */
export const decodeGif = (file: Uint8Array): Pixels => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  need(bytes, SCREEN);
  const frame = firstFrame(bytes);
  const width = Math.max(bytes.readUInt16LE(6), frame.left + frame.width);
  const height = Math.max(bytes.readUInt16LE(8), frame.top + frame.height);
  checkSize({ width, height });
  checkSize(frame);
  const { pieces } = piecesAt(bytes, frame.at + 1);
  const numbers = unpack(Buffer.concat(pieces), bytes[frame.at]!, frame.width * frame.height);
  const screen = new Uint8Array(width * height).fill(frame.clear);
  for (const [i, y] of rowOrder(frame.height, frame.interlaced).entries())
    screen.set(numbers.subarray(i * frame.width, (i + 1) * frame.width), (frame.top + y) * width + frame.left);
  const { palette } = frame;
  if (palette === null) return { width, height, channels: 1, bytes: screen };
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < screen.length; i++) for (let c = 0; c < 3; c++) out[i * 3 + c] = palette[screen[i]! * 3 + c] ?? 0;
  return { width, height, channels: 3, bytes: out };
};
