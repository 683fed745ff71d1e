// Verb: a NumPy file (.npy, versions 1 to 3) of whole numbers, C order, to its shape and values.
import type { ByteArray } from './idx.ts';

const MAGIC = '\u0093NUMPY';
/** Bytes of a value, by NumPy's type; values of more than one byte must fit into one. */
const WIDTHS: Readonly<Record<string, number>> = {
  '|u1': 1,
  '|i1': 1,
  '<i2': 2,
  '<u2': 2,
  '<i4': 4,
  '<u4': 4,
  '<i8': 8,
};

/** Throws Error where the file is another kind of array. */
export const parseNpy = (bytes: Uint8Array): ByteArray => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 6) !== MAGIC) throw new Error('it is not a NumPy file');
  const [length, start] = bytes[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const header = text(start, start + length);
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const width = descr === undefined ? undefined : WIDTHS[descr];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (width === undefined || shapeText === undefined || !/'fortran_order':\s*False/.test(header))
    throw new Error(`its array is not one of whole numbers in C order: ${header.trim()}`);
  const shape = shapeText.split(',').flatMap((axis) => (axis.trim() === '' ? [] : [Number(axis)]));
  const size = shape.reduce((a, b) => a * b, 1);
  const data = bytes.subarray(start + length);
  if (data.length !== size * width) throw new Error(`it holds ${data.length} bytes instead of ${size * width}`);
  if (width === 1) return { shape, values: data };
  const values = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    if (data.subarray(i * width + 1, (i + 1) * width).some((byte) => byte !== 0))
      throw new Error(`value ${i} is not within 0..255`);
    values[i] = data[i * width]!;
  }
  return { shape, values };
};
