// What may happen to a file: it is gone, empty, cut, has flipped bits, or is something else altogether.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface Damage {
  readonly what: string;
  readonly apply: (path: string) => void;
}

const rewrite = (path: string, change: (bytes: Uint8Array) => Uint8Array | string): void =>
  writeFileSync(path, change(readFileSync(path)));

export const damages: readonly Damage[] = [
  { what: 'missing', apply: (path) => rmSync(path) },
  { what: 'empty', apply: (path) => writeFileSync(path, '') },
  { what: 'cut in the middle', apply: (path) => rewrite(path, (bytes) => bytes.subarray(0, bytes.length >> 1)) },
  { what: 'cut at its end', apply: (path) => rewrite(path, (bytes) => bytes.subarray(0, -3)) },
  { what: 'zeros', apply: (path) => rewrite(path, (bytes) => new Uint8Array(bytes.length)) },
  { what: 'no text', apply: (path) => rewrite(path, () => Uint8Array.of(0xff, 0xfe, 0x80, 0x81, 0x82)) },
  { what: 'a number', apply: (path) => writeFileSync(path, '7\n') },
  { what: 'null', apply: (path) => writeFileSync(path, 'null\n') },
  { what: 'a list', apply: (path) => writeFileSync(path, '[1, 2]\n') },
  {
    what: 'an object of something else',
    apply: (path) => writeFileSync(path, '{"type": 3, "epoch": "x", "runs": 7}\n'),
  },
  {
    what: 'a folder',
    apply: (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  },
];

/** Flips one bit of a file. */
export const flipBit = (path: string, at: number): void =>
  rewrite(path, (bytes) => bytes.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)));
