// The shipped digits: facts of the UCI file (first rows, counts by class), and the split without shuffling.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSource } from '../../../src/runtime/data/open-source.ts';

const digits = suite('data: digits');

digits('1437 train and 360 test images of 8x8x1 in ten classes', async () => {
  const source = await openSource({ kind: 'digits' });
  assert.equal(source.image, { height: 8, width: 8, channels: 1 });
  assert.equal(source.classes, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  assert.is(source.train.count, 1437);
  assert.is(source.test.count, 360);
  assert.is(source.train.labels.length, 1437);
  assert.is(source.test.labels.length, 360);
});

digits('first rows: values 0..16 become bytes, labels 0 1 2 ...', async () => {
  const source = await openSource({ kind: 'digits' });
  assert.equal([...source.train.labels.subarray(0, 10)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const pixels = new Uint8Array(64);
  source.read('train', 0, pixels);
  // Row 0 of the file starts 0,0,5,13,9,1,0,0 / 0,0,13,15,10,15,5,0.
  const expected = [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0].map((v) => Math.round((v * 255) / 16));
  assert.equal([...pixels.subarray(0, 16)], expected);
  source.read('test', 0, pixels);
  assert.ok(pixels.some((v) => v === 255));
});

digits('counts by class are those of scikit-learn over both splits', async () => {
  const source = await openSource({ kind: 'digits' });
  const counts = new Array<number>(10).fill(0);
  for (const label of [...source.train.labels, ...source.test.labels]) counts[label]!++;
  // sklearn.datasets.load_digits: np.bincount(target).
  assert.equal(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
});

digits.run();
