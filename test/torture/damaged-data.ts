// Noun: small data in every format that is read, and what becomes of them when a byte of theirs is changed or their end is cut off.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import type { SourcePlan } from '../../src/compiler/plan/plan.ts';
import { openSource } from '../../src/runtime/data/open-source.ts';
import { DataError, type Source } from '../../src/runtime/data/source.ts';

/** Files by path, one of which is to be damaged. */
export interface Format {
  readonly name: string;
  /** Whether the format has checksums over pixels and labels: then no damage may pass. */
  readonly sums: boolean;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly damaged: string;
  readonly plan: (folder: string) => SourcePlan;
}

/** `changed`: it was read, with other pixels, labels or names. `broken`: an error that is no line for people, or labels without a class. */
export type Outcome = 'refused' | 'harmless' | 'changed' | 'broken';

const noise = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + 1 + seed * 7919, 2654435761) >>> 24);
const smooth = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 3) & 255);

const npy = (shape: readonly number[], values: Uint8Array): Uint8Array => {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${dims}), }`.padEnd(117, ' ').concat('\n');
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([118, 0]),
    Buffer.from(header),
    values,
  ]);
};

const idx = (shape: readonly number[], values: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  for (const [i, size] of shape.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return gzipSync(Buffer.concat([head, values]));
};

const pngOf = (size: number, channels: 1 | 3 | 4): Uint8Array =>
  encode({ width: size, height: size, channels, depth: 8, data: smooth(size * size * channels) });

const supported = (name: string): Uint8Array => readFileSync(new URL(`../support/images/${name}`, import.meta.url));

const fixture = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));

const inFolders = (name: string, file: string, bytes: Uint8Array): Format => ({
  name,
  sums: file.endsWith('.png'),
  files: { [`a/${file}`]: bytes, 'b/other.png': pngOf(4, 3), 'a/another.png': pngOf(5, 1) },
  damaged: `a/${file}`,
  plan: (folder) => ({ kind: 'folder', path: folder, test: null }),
});

const fashion = (damaged: string): Format => ({
  name: `gzip of IDX, ${damaged.includes('labels') ? 'labels' : 'images'}`,
  sums: true,
  files: {
    'datasets/fashion-mnist/train-images-idx3-ubyte.gz': idx([3, 28, 28], noise(3 * 784, 1)),
    'datasets/fashion-mnist/train-labels-idx1-ubyte.gz': idx([3], Uint8Array.of(3, 9, 0)),
    'datasets/fashion-mnist/t10k-images-idx3-ubyte.gz': idx([1, 28, 28], noise(784, 2)),
    'datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz': idx([1], Uint8Array.of(5)),
  },
  damaged: `datasets/fashion-mnist/${damaged}`,
  plan: () => ({ kind: 'fashion_mnist' }),
});

const record = (label: number, seed: number): Uint8Array => Buffer.concat([Uint8Array.of(label), noise(3072, seed)]);
const cifarNames = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

/** Every format that is read. Those without checksums are still never to end in anything but an error or an image. */
export const formats: readonly Format[] = [
  inFolders('PNG, colour', 'colour.png', pngOf(9, 3)),
  inFolders('PNG, grey', 'grey.png', pngOf(9, 1)),
  inFolders('PNG, with transparency', 'alpha.png', pngOf(9, 4)),
  inFolders('PNG, palette', 'palette.png', supported('palette.png')),
  inFolders('PNG, few bits', 'bits.png', supported('bits.png')),
  inFolders('JPEG, grey', 'grey.jpg', supported('grey.jpg')),
  inFolders('JPEG, colour', 'colour.jpg', supported('colour.jpg')),
  inFolders('JPEG, progressive', 'progressive.jpg', supported('progressive.jpg')),
  inFolders('JPEG, CMYK', 'cmyk.jpg', supported('cmyk.jpg')),
  inFolders('PNG, interlaced', 'interlaced.png', fixture('png-type2-depth8-interlaced.png')),
  inFolders('PNG, suggested palette', 'suggested.png', fixture('png-suggested-palette.png')),
  inFolders('GIF', 'colour.gif', fixture('gif-256.gif')),
  inFolders('BMP', 'colour.bmp', fixture('bmp-rgb.bmp')),
  inFolders('BMP, runs', 'runs.bmp', fixture('bmp-rle8.bmp')),
  inFolders('WebP', 'colour.webp', fixture('webp-quality80.webp')),
  inFolders('WebP, lossless', 'lossless.webp', fixture('webp-lossless-alpha.webp')),
  inFolders('TIFF', 'colour.tif', fixture('tiff-rgb.tif')),
  inFolders('TIFF, LZW', 'lzw.tif', fixture('tiff-tiff_lzw.tif')),
  inFolders('TIFF, JPEG', 'jpeg.tif', fixture('tiff-jpeg.tif')),
  inFolders('AVIF', 'colour.avif', fixture('avif-444.avif')),
  {
    name: 'npz',
    sums: true,
    files: {
      'datasets/mnist.npz': zipSync({
        'x_train.npy': npy([3, 28, 28], noise(3 * 784, 1)),
        'y_train.npy': npy([3], Uint8Array.of(5, 0, 4)),
        'x_test.npy': npy([1, 28, 28], noise(784, 9)),
        'y_test.npy': npy([1], Uint8Array.of(7)),
      }),
    },
    damaged: 'datasets/mnist.npz',
    plan: () => ({ kind: 'mnist' }),
  },
  fashion('train-images-idx3-ubyte.gz'),
  fashion('train-labels-idx1-ubyte.gz'),
  {
    name: 'records of CIFAR',
    sums: false,
    files: Object.fromEntries([
      ...[1, 2, 3, 4, 5].map((i) => [`datasets/cifar-10-batches-bin/data_batch_${i}.bin`, record(i, i)] as const),
      ['datasets/cifar-10-batches-bin/test_batch.bin', record(0, 9)],
      ['datasets/cifar-10-batches-bin/batches.meta.txt', Buffer.from(`${cifarNames.join('\n')}\n\n`)],
    ]),
    damaged: 'datasets/cifar-10-batches-bin/data_batch_1.bin',
    plan: () => ({ kind: 'cifar10' }),
  },
  {
    name: 'table',
    sums: false,
    files: {
      'rows.csv': Buffer.from('file,what\n1.png,rose\n2.png,tulip\n"3.png","rose"\n4.png,Tausendschön\n'),
      ...Object.fromEntries([1, 2, 3, 4].map((i) => [`${i}.png`, pngOf(i, 3)])),
    },
    damaged: 'rows.csv',
    plan: (folder) => ({ kind: 'csv', path: join(folder, 'rows.csv'), image: 'file', label: 'what' }),
  },
];

const wanted = { image: { height: 8, width: 8, channels: 3 }, interpolation: 'nearest', antialias: false } as const;

/** SHA-256 over names, labels and pixels; null where a label has no class. */
const sumOf = async (source: Source): Promise<string | null> => {
  const { classes, image } = source;
  const hash = createHash('sha256').update(JSON.stringify([classes, image]));
  const pixels = new Uint8Array(image.height * image.width * image.channels);
  for (const name of ['train', 'test'] as const) {
    for (const [i, label] of source[name].labels.entries()) {
      if (label >= classes.length) return null;
      await source.read(name, i, pixels);
      hash.update(pixels).update(`${label} `);
    }
  }
  return hash.digest('hex');
};

const open = async (plan: SourcePlan): Promise<string | null> => {
  const source = await openSource(plan, wanted);
  try {
    return await sumOf(source);
  } finally {
    source.close();
  }
};

/** A format laid out in a folder of its own. */
export interface Bench {
  /** What becomes of the data with these bytes in place of the file. */
  readonly attempt: (bytes: Uint8Array) => Promise<{ readonly outcome: Outcome; readonly why: string }>;
  readonly bytes: Uint8Array;
  readonly close: () => void;
}

export const layOut = async ({ files, damaged, plan }: Format): Promise<Bench> => {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-damage-'));
  const before = process.env.KERAS_HOME;
  process.env.KERAS_HOME = folder;
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const whole = await open(plan(folder));
  return {
    bytes: files[damaged]!,
    attempt: async (bytes) => {
      writeFileSync(join(folder, damaged), bytes);
      try {
        const sum = await open(plan(folder));
        if (sum === null) return { outcome: 'broken', why: 'a label has no class' };
        return { outcome: sum === whole ? 'harmless' : 'changed', why: '' };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { outcome: error instanceof DataError && !why.includes('\n') ? 'refused' : 'broken', why };
      }
    },
    close: () => {
      if (before === undefined) delete process.env.KERAS_HOME;
      else process.env.KERAS_HOME = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** One bit flipped, one byte replaced, or the end cut off, in turn. */
export const damage = (bytes: Uint8Array, round: number, random: () => number): Uint8Array => {
  // Copies by `from`: `slice` of a Buffer shares its memory.
  const at = Math.floor(random() * bytes.length);
  if (round % 3 === 2) return Uint8Array.from(bytes.subarray(0, at));
  const copy = Uint8Array.from(bytes);
  copy[at] = round % 3 === 0 ? copy[at]! ^ (1 << Math.floor(random() * 8)) : Math.floor(random() * 256);
  return copy;
};
