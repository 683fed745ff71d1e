// Verb: rows of floats → a file that numpy.load reads: format 1.0, '<f4', C order. It has its name when it is whole.
// Format: numpy.lib.format, "Format Version 1.0".
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export interface NpyFile {
  /** Whole rows, one after the other. */
  readonly append: (values: Float32Array) => void;
  /** Writes the number of rows, and gives the file its name. */
  readonly finish: () => void;
  /** Removes what was written. */
  readonly discard: () => void;
}

/** Digits of 2^64 and a sign: numpy leaves so much room for the first axis, so that it may grow. */
const ROOM = 21;

/** `columns`: values of a row. The length does not depend on `rows`. */
export const npyHeader = (rows: number, columns: number): Uint8Array => {
  const shape = `${rows}, ${columns}`;
  const said = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(
    `{'descr': '<f4', 'fortran_order': False, 'shape': (, ${columns}), }`.length + ROOM,
  );
  // 6 bytes of magic, 2 of the version, 2 of the length, 1 line end; the whole is a multiple of 64.
  const length = Math.ceil((10 + said.length + 1) / 64) * 64 - 10;
  const text = `${said.padEnd(length - 1)}\n`;
  const header = Buffer.alloc(10 + length);
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(text, 10, 'latin1');
  return header;
};

const littleEndian = (values: Float32Array): Uint8Array => {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? bytes : Buffer.from(bytes).swap32();
};

/** Throws the errors of the system. */
export const createNpy = (path: string, columns: number): NpyFile => {
  const partial = `${path}.partial-${process.pid}`;
  const file = openSync(partial, 'w');
  let rows = 0;
  const write = (bytes: Uint8Array, at: number | null): void => {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(file, bytes, done, bytes.length - done, at === null ? null : at + done);
    }
  };
  write(npyHeader(0, columns), null);
  return {
    append: (values) => {
      write(littleEndian(values), null);
      rows += values.length / columns;
    },
    finish: () => {
      write(npyHeader(rows, columns), 0);
      closeSync(file);
      renameSync(partial, path);
    },
    discard: () => {
      closeSync(file);
      rmSync(partial, { force: true });
    },
  };
};
