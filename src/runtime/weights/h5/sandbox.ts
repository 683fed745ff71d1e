// Verb: bytes of an open file → an H5 file in h5wasm's own small world, which has no other file: links to others fail.
import { readSync } from 'node:fs';
import type { Group } from 'h5wasm';
import type { H5Source } from './messages.ts';

/** What Emscripten's file system keeps for a file. */
interface FileNode {
  usedBytes: number;
  node_ops: { readonly getattr: (node: FileNode) => object };
  stream_ops: object;
}

interface FileStream {
  readonly position: number;
}

const place = '/weights.h5';

/** WebAssembly memory may grow to twice the file and this; a damaged file may ask for anything. */
const slack = 192 * 2 ** 20;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of WebAssembly that is used; @types/node leaves it to the DOM's types. */
declare const WebAssembly: { readonly Memory: { readonly prototype: Memory } };

/** The allocator sees growth that fails as memory that is full. */
const boundMemory = (bytes: number): void => {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (this: Memory, pages: number): number {
    if (this.buffer.byteLength + pages * 2 ** 16 > bytes) throw new RangeError('out of memory');
    return grow.call(this, pages);
  };
};

/** Loads h5wasm and opens the file in it, for reading. Throws what h5wasm throws. */
export const openInSandbox = async ({ fd, from, size }: H5Source): Promise<Group> => {
  boundMemory(slack + 2 * size);
  const { File, ready } = await import('h5wasm');
  const { FS, activate_throwing_error_handler } = await ready;
  activate_throwing_error_handler();
  FS.writeFile(place, new Uint8Array(0));
  const node = FS.lookupPath(place, {}).node as FS.FSNode & FileNode;
  const { getattr } = node.node_ops;
  node.usedBytes = size;
  node.node_ops = { ...node.node_ops, getattr: (each) => ({ ...getattr(each), size }) };
  node.stream_ops = {
    ...node.stream_ops,
    read: (_: FileStream, into: Int8Array, at: number, length: number, position: number) =>
      readSync(fd, into, at, Math.max(0, Math.min(length, size - position)), from + position),
    // whence: 0 from the start, 1 from here, 2 from the end
    llseek: ({ position }: FileStream, offset: number, whence: number) => offset + ([0, position, size][whence] ?? 0),
  };
  return new File(place, 'r');
};
