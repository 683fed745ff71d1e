// The built-in source `digits`: 1,797 real handwritten digits, 8x8 grey, shipped with the package (see data/digits/README.md).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { memorySource } from './memory-source.ts';
import { DataError, type Source } from './source.ts';

/** The shipped data are beside dist/; the sources are three folders down. */
const FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../../data/digits/digits.csv.gz' : '../data/digits/digits.csv.gz',
  import.meta.url,
);
const PIXELS = 64;
const TRAIN = 1437;
const TOTAL = 1797;

/** Rows 0..1436 train, 1437..1796 test, in file order; values 0..16 become bytes 0..255. Throws DataError. */
export const openDigits = (): Source => {
  const rows = readRows();
  const pixels = new Uint8Array(TOTAL * PIXELS);
  const labels = new Uint16Array(TOTAL);
  rows.forEach((row, i) => {
    const values = row.split(',').map(Number);
    if (values.length !== PIXELS + 1) throw broken(`row ${i + 1} has ${values.length} values instead of ${PIXELS + 1}`);
    pixels.set(
      values.slice(0, PIXELS).map((value) => Math.round((value * 255) / 16)),
      i * PIXELS,
    );
    labels[i] = values[PIXELS]!;
  });
  return memorySource({
    classes: Array.from({ length: 10 }, (_, c) => `${c}`),
    image: { height: 8, width: 8, channels: 1 },
    train: { pixels: pixels.subarray(0, TRAIN * PIXELS), labels: labels.slice(0, TRAIN) },
    test: { pixels: pixels.subarray(TRAIN * PIXELS), labels: labels.slice(TRAIN) },
  });
};

const broken = (what: string): DataError =>
  new DataError(`the shipped digits cannot be read: ${what}. Install tlp again (data/digits/digits.csv.gz).`);

const readRows = (): string[] => {
  let text: string;
  try {
    text = gunzipSync(readFileSync(FILE)).toString('latin1');
  } catch (error) {
    throw broken((error as Error).message);
  }
  const rows = text.trimEnd().split('\n');
  if (rows.length !== TOTAL) throw broken(`${rows.length} rows instead of ${TOTAL}`);
  return rows;
};
