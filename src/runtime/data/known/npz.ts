// Verb: the bytes of an npz file (a zip of NumPy files) → the arrays of these names, each as its checksum says.
import { crc32 } from 'node:zlib';
import { unzipSync } from 'fflate';
import type { ByteArray } from './idx.ts';
import { parseNpy } from './npy.ts';

/** Bytes of an array, unpacked: MNIST's largest has 47 million. A file that promises more is none of those. */
const MOST_BYTES = 256 * 2 ** 20;

const ENTRY = 0x02014b50;
const END = 0x06054b50;

/** CRC-32 of each member, by name, from the list at the end of the archive. */
const checksumsOf = (bytes: Uint8Array): ReadonlyMap<string, number> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  const sums = new Map<string, number>();
  if (end < 0) return sums;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= end && view.getUint32(at, true) === ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    sums.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name!)), view.getUint32(at + 16, true));
    at += 46 + name! + extra! + comment!;
  }
  return sums;
};

/** Throws Error where an array is missing, too large, or not as its checksum says. */
export const parseNpz = <K extends string>(bytes: Uint8Array, names: readonly K[]): Readonly<Record<K, ByteArray>> => {
  const wanted = new Set(names.map((name) => `${name}.npy`));
  const members = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (!wanted.has(name)) return false;
      if (originalSize > MOST_BYTES) throw new Error(`its array ${name} would have ${originalSize} bytes`);
      return true;
    },
  });
  const sums = checksumsOf(bytes);
  const arrays = names.map((name) => {
    const member = members[`${name}.npy`];
    if (member === undefined) throw new Error(`it has no array ${name}`);
    if (crc32(member) !== sums.get(`${name}.npy`))
      throw new Error(`its array ${name} is damaged: it does not have its checksum`);
    return [name, parseNpy(member)] as const;
  });
  return Object.fromEntries(arrays) as Readonly<Record<K, ByteArray>>;
};
