// The known sources mnist (mnist.npz) and fashion_mnist (four IDX files), 28x28 grey, from Keras' cache.
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { memorySource } from '../memory-source.ts';
import type { Source } from '../source.ts';
import { findDataset, readDataset } from './cache-folder.ts';
import { type ByteArray, parseIdx } from './idx.ts';
import { parseNpy } from './npy.ts';

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
    const members = unzipSync(bytes);
    const array = (name: string): ByteArray => {
      const member = members[`${name}.npy`];
      if (!member) throw new Error(`it has no array ${name}`);
      return parseNpy(member);
    };
    return memorySource({
      classes: DIGITS,
      image: IMAGE,
      train: split(array('x_train'), array('y_train')),
      test: split(array('x_test'), array('y_test')),
    });
  });
};

const FILES = {
  train: ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'],
  test: ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'],
} as const;

/** 60,000 train and 10,000 test images. Throws DataError. */
export const openFashionMnist = (): Source => {
  const folder = findDataset('fashion_mnist', ['fashion-mnist'], [...FILES.train, ...FILES.test]);
  const read = (file: string): ByteArray => readDataset(folder, file, (bytes) => parseIdx(gunzipSync(bytes)));
  const both = (name: 'train' | 'test') => split(read(FILES[name][0]), read(FILES[name][1]));
  return memorySource({ classes: CLOTHES, image: IMAGE, train: both('train'), test: both('test') });
};
