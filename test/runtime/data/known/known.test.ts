// Known data sets from a cache folder, in every form the files have (docs/facts/data-sets.md), and what is said without them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIdx } from '../../../../src/runtime/data/known/idx.ts';
import { parseNpy } from '../../../../src/runtime/data/known/npy.ts';
import { parsePickle } from '../../../../src/runtime/data/known/pickle.ts';
import { openSource } from '../../../../src/runtime/data/open-source.ts';
import { DataError } from '../../../../src/runtime/data/source.ts';

const known = suite<{ home: string; before: string | undefined }>('data: known data sets');

known.before.each((context) => {
  context.before = process.env.KERAS_HOME;
  context.home = mkdtempSync(join(tmpdir(), 'tlp-known-'));
  process.env.KERAS_HOME = context.home;
});
known.after.each(({ home, before }) => {
  if (before === undefined) delete process.env.KERAS_HOME;
  else process.env.KERAS_HOME = before;
  rmSync(home, { recursive: true });
});

const write = (home: string, path: string, bytes: Uint8Array): void => {
  const file = join(home, 'datasets', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
};

const bytesOf = (...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const u32le = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const u32be = (value: number): number[] => u32le(value).reverse();
/** Values 0, 1, 2, ... 255, 0, ... shifted by `from`. */
const counting = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => (i + from) % 256);

const npy = (shape: readonly number[], values: Uint8Array, descr = '|u1'): Uint8Array => {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`.padEnd(117, ' ').concat('\n');
  return bytesOf('\u0093NUMPY', [1, 0, header.length & 255, header.length >> 8], header, values);
};
const idx = (shape: readonly number[], values: Uint8Array): Uint8Array =>
  bytesOf([0, 0, 8, shape.length], ...shape.map(u32be), values);

/** What Python 2's cPickle (protocol 2) writes for {'data': uint8 array, key: [ints]}, as the CIFAR batches are. */
const batch = (key: string, planes: Uint8Array, labels: readonly number[]): Uint8Array => {
  const short = (text: string) => bytesOf('U', [text.length], text);
  return bytesOf(
    ...[[0x80, 2], '}q\u0001('],
    ...[
      short('data'),
      'q\u0002cnumpy.core.multiarray\n_reconstruct\nq\u0003cnumpy\nndarray\nq\u0004K\u0000\u0085U\u0001b\u0087Rq\u0005',
    ],
    ...[
      '(K\u0001K',
      [labels.length],
      'M',
      [0, 12],
      '\u0086cnumpy\ndtype\nq\u0006U\u0002u1K\u0000K\u0001\u0087Rq\u0007',
    ],
    ...['(K\u0003U\u0001|NNNJ', [255, 255, 255, 255], 'J', [255, 255, 255, 255], 'K\u0000tb', [0x89]],
    ...['T', u32le(planes.length), planes, 'tb'],
    ...[short(key), ']q\u0008(', ...labels.map((label) => [0x4b, label]), 'e'],
    'u.',
  );
};
const meta = (key: string, names: readonly string[]): Uint8Array =>
  bytesOf([0x80, 2], '}(', 'U', [key.length], key, '](', ...names.map((n) => bytesOf('U', [n.length], n)), 'e', 'u.');

known('mnist from mnist.npz', async ({ home }) => {
  const images = counting(3 * 784);
  write(
    home,
    'mnist.npz',
    zipSync({
      'x_train.npy': npy([3, 28, 28], images),
      'y_train.npy': npy([3], Uint8Array.of(5, 0, 4)),
      'x_test.npy': npy([1, 28, 28], counting(784, 9)),
      'y_test.npy': npy([1], Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0), '<i8'),
    }),
  );
  const source = await openSource({ kind: 'mnist' });
  assert.equal(source.image, { height: 28, width: 28, channels: 1 });
  assert.equal([...source.train.labels], [5, 0, 4]);
  assert.equal([...source.test.labels], [7]);
  const into = new Uint8Array(784);
  source.read('train', 1, into);
  assert.equal(into, images.slice(784, 1568));
});

known('fashion_mnist from four IDX files', async ({ home }) => {
  for (const [name, n] of [
    ['train', 2],
    ['t10k', 1],
  ] as const) {
    write(home, `fashion-mnist/${name}-images-idx3-ubyte.gz`, gzipSync(idx([n, 28, 28], counting(n * 784, n))));
    write(home, `fashion-mnist/${name}-labels-idx1-ubyte.gz`, gzipSync(idx([n], counting(n, 8))));
  }
  const source = await openSource({ kind: 'fashion_mnist' });
  assert.equal([...source.train.labels], [8, 9]);
  assert.is(source.classes[9], 'Ankle boot');
  const into = new Uint8Array(784);
  source.read('test', 0, into);
  assert.equal(into, counting(784, 1));
});

/** A red, green and blue plane for each image; image i starts at value i. */
const planes = (count: number): Uint8Array => bytesOf(...Array.from({ length: count }, (_, i) => counting(3072, i)));
const names = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

const checkCifar = async (kind: 'cifar10' | 'cifar100', count: number, labels: readonly number[]): Promise<void> => {
  const source = await openSource({ kind });
  assert.equal(source.classes.slice(0, 3), names.slice(0, 3));
  assert.is(source.train.count, count);
  assert.equal([...source.train.labels.subarray(0, labels.length)], labels);
  const into = new Uint8Array(3072);
  source.read('train', 1, into);
  // Pixel p of image 1: red 1 + p, green 1 + 1024 + p, blue 1 + 2048 + p, modulo 256; 1024 is a multiple of 256.
  assert.equal([...into.subarray(0, 6)], [1, 1, 1, 2, 2, 2]);
};

known('cifar10 from pickled batches, in the old and the new place', async ({ home }) => {
  for (const place of ['cifar-10-batches-py', 'cifar-10-batches-py-target/cifar-10-batches-py']) {
    for (let i = 1; i <= 5; i++) write(home, `${place}/data_batch_${i}`, batch('labels', planes(2), [i, 9]));
    write(home, `${place}/test_batch`, batch('labels', planes(1), [3]));
    write(home, `${place}/batches.meta`, meta('label_names', names));
    await checkCifar('cifar10', 10, [1, 9, 2, 9]);
    rmSync(join(home, 'datasets'), { recursive: true });
  }
});

known('cifar10 and cifar100 from binary records', async ({ home }) => {
  const records = (head: (i: number) => number[], n: number) =>
    bytesOf(...Array.from({ length: n }, (_, i) => bytesOf(head(i), counting(3072, i))));
  for (let i = 1; i <= 5; i++)
    write(
      home,
      `cifar-10-batches-bin/data_batch_${i}.bin`,
      records((j) => [i + j], 2),
    );
  write(
    home,
    'cifar-10-batches-bin/test_batch.bin',
    records(() => [0], 1),
  );
  write(home, 'cifar-10-batches-bin/batches.meta.txt', bytesOf(`${names.join('\n')}\n\n`));
  await checkCifar('cifar10', 10, [1, 2, 2, 3]);
  write(
    home,
    'cifar-100-binary/train.bin',
    records((j) => [19, 4 + j], 3),
  );
  write(
    home,
    'cifar-100-binary/test.bin',
    records(() => [1, 0], 1),
  );
  write(home, 'cifar-100-binary/fine_label_names.txt', bytesOf(names.join('\n')));
  await checkCifar('cifar100', 3, [4, 5, 6]);
});

known('cifar100 from pickles: fine labels', async ({ home }) => {
  write(home, 'cifar-100-python/train', batch('fine_labels', planes(2), [9, 8]));
  write(home, 'cifar-100-python/test', batch('fine_labels', planes(1), [0]));
  write(home, 'cifar-100-python/meta', meta('fine_label_names', names));
  await checkCifar('cifar100', 2, [9, 8]);
});

const failing = async (kind: 'mnist' | 'fashion_mnist' | 'cifar10' | 'cifar100'): Promise<string> => {
  try {
    await openSource({ kind });
  } catch (error) {
    assert.instance(error, DataError);
    assert.not.match((error as Error).message, '\n');
    return (error as Error).message;
  }
  return assert.unreachable('opened') as never;
};

known('missing files: where it looked and the cure, in one line', async ({ home }) => {
  for (const kind of ['mnist', 'fashion_mnist', 'cifar10', 'cifar100'] as const) {
    const message = await failing(kind);
    assert.match(message, `${kind} is not on this machine`);
    assert.match(message, join(home, 'datasets'));
    assert.match(message, `keras.datasets.${kind}.load_data()`);
  }
});

known('broken files: the file and what is wrong with it', async ({ home }) => {
  write(home, 'mnist.npz', counting(100));
  assert.match(await failing('mnist'), /mnist\.npz cannot be read: /);
  for (const file of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'])
    write(home, `fashion-mnist/${file}-ubyte.gz`, gzipSync(idx([2], counting(1))));
  assert.match(await failing('fashion_mnist'), /it holds 1 values instead of 2/);
  write(home, 'cifar-100-python/train', bytesOf([0x80, 2], 'cposix\nsystem\n(U\u0002lstR.'));
  write(home, 'cifar-100-python/test', bytesOf('.'));
  write(home, 'cifar-100-python/meta', meta('fine_label_names', names));
  assert.match(await failing('cifar100'), /asks for posix system/);
});

known('parsers refuse what they do not know', () => {
  assert.throws(() => parseIdx(bytesOf([0, 0, 13, 1], u32be(1), [0, 0, 0, 0])), /unsigned bytes/);
  assert.throws(() => parseNpy(npy([2], counting(2), '<f4')), /whole numbers/);
  assert.throws(() => parseNpy(npy([1], Uint8Array.of(1, 1), '<u2')), /not within 0..255/);
  assert.throws(() => parsePickle(bytesOf([0x80, 2], 'U')), /cut short/);
  assert.throws(() => parsePickle(Uint8Array.of(0x80, 2, 7)), /unknown code 7/);
});

known('a flipped bit in an array of mnist.npz is noticed, wherever it is', async ({ home }) => {
  const arrays = {
    'x_train.npy': npy([2, 28, 28], counting(2 * 784)),
    'y_train.npy': npy([2], counting(2)),
    'x_test.npy': npy([2, 28, 28], counting(2 * 784, 9)),
    'y_test.npy': npy([2], counting(2)),
  };
  for (const level of [0, 6] as const) {
    const whole = zipSync(arrays, { level });
    const size = Buffer.from(whole).indexOf(Buffer.from([0x50, 0x4b, 1, 2])); // where the list of members begins
    for (let i = 0; i < 60; i += 1) {
      const bytes = whole.slice();
      const at = Math.floor(((i + 0.5) * size) / 60);
      bytes[at]! ^= 1 << (i % 8);
      write(home, 'mnist.npz', bytes);
      const opened = await openSource({ kind: 'mnist' }).catch((error: unknown) => error);
      if (opened instanceof DataError) continue;
      // a flip in a header that nobody reads leaves the same arrays
      const source = opened as Awaited<ReturnType<typeof openSource>>;
      const into = new Uint8Array(784);
      for (const [split, from] of [
        ['train', 0],
        ['test', 9],
      ] as const) {
        for (const index of [0, 1]) {
          source.read(split, index, into);
          assert.equal([...into], [...counting(784, from + index * 784)], `byte ${at}, level ${level}`);
        }
      }
    }
  }
});

known('files that unpack to more than they may are refused before that', async ({ home }) => {
  const zeros = new Uint8Array(300 * 2 ** 20);
  const bomb = gzipSync(zeros, { level: 1 });
  for (const name of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'])
    write(home, `fashion-mnist/${name}-ubyte.gz`, bomb);
  await openSource({ kind: 'fashion_mnist' }).then(
    () => assert.unreachable('it opened'),
    (error: unknown) => assert.match((error as DataError).message, /unpacks to more than 256 MB/),
  );
  write(home, 'mnist.npz', zipSync({ 'x_train.npy': zeros }, { level: 1 }));
  await openSource({ kind: 'mnist' }).then(
    () => assert.unreachable('it opened'),
    (error: unknown) => assert.match((error as DataError).message, /x_train\.npy would have 314572800 bytes/),
  );
});

known('a pickle whose names hold each other twice over ends at once', () => {
  // 40 lists, each of two of the one before; its text would have 2^40 parts
  const nested = bytesOf(
    [0x80, 4],
    ']',
    '\u0094',
    ...Array.from({ length: 40 }, (_, i) => bytesOf('h', [i], 'h', [i], '\u0086', '\u0094')),
  );
  assert.throws(
    () => parsePickle(bytesOf(nested, 'h', [40], 'h', [40], [0x93], '.')),
    /asks for a name that is no text/,
  );
});

known.run();
