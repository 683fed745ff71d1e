// Verb: bytes of a file to source, or to the one finding that says why not.
import { type Diagnostic, finding } from './diagnostic.ts';
import { fileTooLarge, notUtf8 } from './rules/files.ts';
import { type Source, sourceOf } from './source.ts';

/** No pipeline is longer; what is longer is some other file. */
export const MOST_BYTES = 4 * 1024 * 1024;
/** Whoever reads so many bytes of a file knows that it is too long. */
export const BYTES_TO_READ = MOST_BYTES + 1;

export type Decoded = { readonly source: Source } | { readonly diagnostic: Diagnostic };

export const decode = (name: string, bytes: Uint8Array): Decoded => {
  const place = { file: name, start: 0, end: 0 };
  if (bytes.length > MOST_BYTES) {
    return {
      diagnostic: finding(fileTooLarge, place, 'This file is longer than 4 MB, which no pipeline is.', {
        help: 'Check whether it is a pipeline at all.',
      }),
    };
  }
  try {
    return { source: sourceOf(name, new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    const line = bytes.subarray(0, firstBad(bytes)).reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
    return {
      diagnostic: finding(notUtf8, place, `This file is not UTF-8: line ${line} holds other bytes.`, {
        help: 'Save it as UTF-8.',
      }),
    };
  }
};

/** Offset of the first byte that is no UTF-8, by halving. */
const firstBad = (bytes: Uint8Array): number => {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
};
