// Noun: float arrays in one WebAssembly memory, so that the engine sees them as tensors and a kernel by their addresses.
import { adamKernel } from './adam-kernel.ts';

/** All arguments of adam.wat's function but the addresses: kept, beta_1, 1 - beta_1, beta_2, 1 - beta_2, alpha, epsilon. */
export type AdamNumbers = readonly [number, number, number, number, number, number, number];

export interface Arena {
  /** Zeros. Throws RangeError where no room is left. */
  array(length: number): Float32Array;
  /** One step on arrays of this arena, of equal length, in place. */
  adam(w: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, numbers: AdamNumbers): void;
}

type Adam = (w: number, g: number, m: number, v: number, end: number, ...numbers: AdamNumbers) => void;

interface Memory {
  readonly buffer: ArrayBuffer;
}

/** The part of WebAssembly that is used; @types/node leaves it to the DOM's types. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly arena: { readonly memory: Memory } },
  ) => { readonly exports: { readonly adam: Adam } };
};

const PAGE = 65536;
/** A 32-bit memory has 65,536 pages; one less keeps the end of the last array an address. */
const PAGES = 65535;
/** Bytes of four floats, which the kernel takes at once: arrays begin and are padded to a multiple. */
const GROUP = 16;

const padded = (length: number): number => Math.ceil((length * 4) / GROUP) * GROUP;

/** An arena with room for arrays of these lengths; null where they do not fit into one memory (4 GiB), or there is no room for it. */
export const createArena = (lengths: readonly number[]): Arena | null => {
  const pages = Math.ceil(lengths.reduce((sum, length) => sum + padded(length), 0) / PAGE);
  if (pages > PAGES) return null;
  let memory: Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return null;
  }
  const module = new WebAssembly.Module(Buffer.from(adamKernel, 'base64'));
  const { adam } = new WebAssembly.Instance(module, { arena: { memory } }).exports;
  let used = 0;
  return {
    array: (length) => {
      const array = new Float32Array(memory.buffer, used, length);
      used += padded(length);
      return array;
    },
    adam: (w, g, m, v, numbers) =>
      adam(w.byteOffset, g.byteOffset, m.byteOffset, v.byteOffset, w.byteOffset + padded(w.length), ...numbers),
  };
};
