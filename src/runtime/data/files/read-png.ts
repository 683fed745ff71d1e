// Verb: the bytes of a PNG file to its parts that say something of the pixels, whole and of the right sum; all others are passed over, broken or not.
import { crc32 } from 'node:zlib';
import { checkSize, damaged, type Size, truncated } from './pixels.ts';

export interface PngHeader extends Size {
  readonly depth: number;
  readonly type: ColourType;
  readonly interlaced: boolean;
}

export interface Png {
  readonly header: PngHeader;
  /** Red, green, blue of each colour; null where pixels are no numbers of colours. */
  readonly palette: Uint8Array | null;
  /** Deflated, in the order of the file. */
  readonly deflated: Uint8Array;
}

/** Grey, colour, numbers of a palette, grey with transparency, colour with transparency. */
type ColourType = 0 | 2 | 3 | 4 | 6;

/** Samples a pixel, and the bits that a sample may have. */
const TYPES: Readonly<Record<ColourType, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

export const samplesOf = ({ type }: PngHeader): number => TYPES[type].samples;

const START = 8;
/** Length, name and sum. */
const FRAME = 12;

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
  /** Throws ImageError where the sum is another than that of its bytes. */
  readonly verify: () => void;
}

/** Up to IEND, exclusively. Throws ImageError where a chunk is longer than the file. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = START; at + FRAME <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + FRAME + length;
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (name === 'IEND') return;
    if (end > bytes.length) throw truncated();
    const [from, sum] = [at + 4, end - 4];
    yield {
      name,
      data: bytes.subarray(from + 4, sum),
      verify: () => {
        if (crc32(bytes.subarray(from, sum)) !== bytes.readUInt32BE(sum))
          throw damaged(`the checksum of ${name} is wrong`);
      },
    };
    at = end;
  }
  throw truncated();
}

const headerOf = ({ name, data }: Chunk): PngHeader => {
  if (name !== 'IHDR' || data.length !== 13) throw damaged('it does not begin with its size');
  const view = new DataView(data.buffer, data.byteOffset);
  const [depth, type, interlace] = [data[8]!, data[9]! as ColourType, data[12]!];
  const header = { width: view.getUint32(0), height: view.getUint32(4), depth, type, interlaced: interlace === 1 };
  const kind = TYPES[type] as (typeof TYPES)[ColourType] | undefined;
  if (!kind?.depths.includes(depth)) throw damaged(`there is no colour type ${type} of ${depth} bits`);
  if (interlace > 1) throw damaged(`there is no order of rows ${interlace}`);
  checkSize(header);
  return header;
};

/** Throws ImageError. */
export const readPngHeader = (head: Uint8Array): PngHeader => {
  const first = chunksOf(Buffer.from(head.buffer, head.byteOffset, head.byteLength)).next();
  if (first.done === true) throw truncated();
  const header = headerOf(first.value);
  first.value.verify();
  return header;
};

/** Upper case: whoever does not know the chunk cannot read the image. */
const isNeeded = (name: string): boolean => name[0]! >= 'A' && name[0]! <= 'Z';

/** Throws ImageError. */
export const readPng = (file: Uint8Array): Png => {
  let header: PngHeader | null = null;
  let palette: Uint8Array | null = null;
  const pieces: Uint8Array[] = [];
  for (const chunk of chunksOf(Buffer.from(file.buffer, file.byteOffset, file.byteLength))) {
    if (header === null) {
      header = headerOf(chunk);
      chunk.verify();
    } else if (chunk.name === 'IDAT') {
      chunk.verify();
      pieces.push(chunk.data);
    } else if (chunk.name === 'PLTE') {
      // Suggests colours to screens of few, where pixels are no numbers of colours.
      if (header.type !== 3) continue;
      chunk.verify();
      palette = chunk.data;
    } else if (isNeeded(chunk.name)) throw damaged(`it has a part ${JSON.stringify(chunk.name)}, which is not known`);
  }
  if (header === null) throw damaged('it has no size');
  if (pieces.length === 0) throw damaged('it has no pixels');
  if (header.type === 3 && palette === null) throw damaged('it has no palette');
  return { header, palette, deflated: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
};
