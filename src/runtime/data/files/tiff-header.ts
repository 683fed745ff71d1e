// Verb: the bytes of a TIFF file → what its first directory says: size, and where the pixels end.
import { type Size, truncated } from './pixels.ts';

export interface TiffHeader extends Size {
  /** The first byte behind all strips or tiles. */
  readonly end: number;
}

const TAGS = { width: 256, height: 257, offsets: [273, 324], lengths: [279, 325] } as const;

const WANTED: ReadonlySet<number> = new Set(Object.values(TAGS).flat());

/** Bytes of a value of 16 bits, by its type; others that are asked for here have 32. */
const SHORT = 3;

/** Null where the directory, which may stand anywhere, is not among the first bytes. Throws ImageError. */
export const readTiffHeader = (head: Buffer): TiffHeader | null => {
  if (head.length < 8) throw truncated();
  const little = head[0] === 0x49;
  const word = (at: number): number => (little ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const long = (at: number): number => (little ? head.readUInt32LE(at) : head.readUInt32BE(at));
  const directory = long(4);
  if (directory + 2 > head.length) return null;
  const count = word(directory);
  if (directory + 2 + count * 12 > head.length) return null;
  const values = new Map<number, readonly number[]>();
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + i * 12;
    const [tag, type, length] = [word(at), word(at + 2), long(at + 4)];
    if (!WANTED.has(tag)) continue;
    const bytes = type === SHORT ? 2 : 4;
    const from = length * bytes <= 4 ? at + 8 : long(at + 8);
    if (from + length * bytes > head.length) return null;
    const value = (k: number): number => (bytes === 2 ? word(from + k * 2) : long(from + k * 4));
    values.set(
      tag,
      Array.from({ length }, (_, k) => value(k)),
    );
  }
  const [offsets, lengths] = [TAGS.offsets, TAGS.lengths].map((tags) => tags.flatMap((tag) => values.get(tag) ?? []));
  const end = offsets!.reduce((most, offset, i) => Math.max(most, offset + (lengths![i] ?? 0)), 0);
  return { width: values.get(TAGS.width)?.[0] ?? 0, height: values.get(TAGS.height)?.[0] ?? 0, end };
};
