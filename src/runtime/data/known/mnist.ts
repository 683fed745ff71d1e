// The known sources mnist (mnist.npz) and fashion_mnist (four IDX files), 28x28 grey, from Keras' cache.
import { gunzipSync } from 'node:zlib';
import { memorySource } from '../memory-source.ts';
import type { Source } from '../source.ts';
import { findDataset, readDataset } from './cache-folder.ts';
import { type ByteArray, parseIdx } from './idx.ts';
import { parseNpz } from './npz.ts';

const IMAGE = { height: 28, width: 28, channels: 1 };
const CLOTHES = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',');
const DIGITS = Array.from({ length: 10 }, (_, c) => `${c}`);

const split = (pixels: ByteArray, labels: ByteArray) => ({
  pixels: pixels.values,
  labels: Uint16Array.from(labels.values),
});

/** 60,000 train and 10,000 test images. Throws DataError. */
export const openMnist = (): Source => {
  const folder = findDataset('mnist', ['.'], ['mnist.npz']);
  return readDataset(folder, 'mnist.npz', (bytes) => {
    const { x_train, y_train, x_test, y_test } = parseNpz(bytes, ['x_train', 'y_train', 'x_test', 'y_test']);
    return memorySource({
      classes: DIGITS,
      image: IMAGE,
      train: split(x_train, y_train),
      test: split(x_test, y_test),
    });
  });
};

const FILES = {
  train: ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'],
  test: ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'],
} as const;

/** The train images, which are most of it, have 47 million bytes. */
const MOST_BYTES = 256 * 2 ** 20;

const inflated = (bytes: Uint8Array): Uint8Array => {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw new Error('it unpacks to more than 256 MB');
    throw error;
  }
};

/** 60,000 train and 10,000 test images. Throws DataError. */
export const openFashionMnist = (): Source => {
  const folder = findDataset('fashion_mnist', ['fashion-mnist'], [...FILES.train, ...FILES.test]);
  const read = (file: string): ByteArray => readDataset(folder, file, (bytes) => parseIdx(inflated(bytes)));
  const both = (name: 'train' | 'test') => split(read(FILES[name][0]), read(FILES[name][1]));
  return memorySource({ classes: CLOTHES, image: IMAGE, train: both('train'), test: both('test') });
};
