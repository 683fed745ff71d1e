// The built-in shapes: the same bytes for the same index, balanced classes, equal areas, and no class by colour.
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawCoverage } from '../../../src/runtime/data/shapes/coverage.ts';
import { outlines } from '../../../src/runtime/data/shapes/outlines.ts';
import { openShapes } from '../../../src/runtime/data/shapes/shapes.ts';
import { DataError, type Source } from '../../../src/runtime/data/source.ts';

const shapes = suite('data: shapes');
const plan = { kind: 'shapes', classes: 5, train: 200, test: 100, seed: 0 } as const;
const SIZE = 224;
const bytes = (source: Source, split: 'train' | 'test', index: number): Uint8Array => {
  const into = new Uint8Array(SIZE * SIZE * 3);
  source.read(split, index, into);
  return into;
};

shapes('the same (seed, split, index) is the same image, in any order; others differ', () => {
  const [a, b] = [openShapes(plan), openShapes(plan)];
  bytes(b, 'test', 3);
  const first = bytes(a, 'train', 7);
  assert.ok(Buffer.from(first).equals(Buffer.from(bytes(b, 'train', 7))));
  assert.not.ok(Buffer.from(first).equals(Buffer.from(bytes(a, 'train', 8))));
  assert.not.ok(Buffer.from(first).equals(Buffer.from(bytes(a, 'test', 7))));
  assert.not.ok(Buffer.from(first).equals(Buffer.from(bytes(openShapes({ ...plan, seed: 1 }), 'train', 7))));
});

shapes('more images do not change the first ones', () => {
  const [few, many] = [openShapes(plan), openShapes({ ...plan, train: 400 })];
  assert.equal(many.train.labels.slice(0, 200), few.train.labels);
  assert.ok(Buffer.from(bytes(few, 'train', 9)).equals(Buffer.from(bytes(many, 'train', 9))));
});

shapes(
  'the digest tells images apart; a drawing that changes by a pixel takes another number (DRAWING in shapes.ts)',
  () => {
    const source = openShapes(plan);
    const digest = (of: Source, split: 'train' | 'test', index: number): string =>
      Buffer.from(of.digest(split, index)).toString('hex');
    assert.is(digest(source, 'train', 7), digest(openShapes({ ...plan, train: 400 }), 'train', 7));
    assert.is.not(digest(source, 'train', 7), digest(source, 'train', 8));
    assert.is.not(digest(source, 'train', 7), digest(source, 'test', 7));
    assert.is.not(digest(source, 'train', 7), digest(openShapes({ ...plan, seed: 1 }), 'train', 7));
    // when this hash changes, raise DRAWING: cached features are of the old pixels
    const hash = createHash('sha256')
      .update(bytes(source, 'train', 7))
      .digest('hex')
      .slice(0, 16);
    assert.is(`drawing 1: ${hash}`, 'drawing 1: 3b25dbf4da2a913a');
  },
);

shapes('every class equally often, in every run of `classes` images', () => {
  const { train, classes } = openShapes(plan);
  assert.equal(classes, ['circle', 'square', 'triangle', 'star', 'cross']);
  for (let i = 0; i < train.count; i += 5)
    assert.equal([...train.labels.subarray(i, i + 5)].sort(), [0, 1, 2, 3, 4], `images ${i} to ${i + 4}`);
});

shapes('every outline covers the same area, drawn to a ten-thousandth', () => {
  assert.is(outlines.length, 10);
  const coverage = new Float32Array(SIZE * SIZE + 2);
  for (const { name, outline } of outlines) {
    drawCoverage([[outline, [70, 20, 110.3, -20, 70, 112.7]]], SIZE, coverage);
    const area = coverage.subarray(0, SIZE * SIZE).reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(area / (70 * 70 + 20 * 20) - 1) < 1e-4, `${name}: ${area}`);
  }
});

shapes('a square on pixel borders is covered exactly, with halves at half pixels', () => {
  const coverage = new Float32Array(8 * 8 + 2);
  drawCoverage([[[[1, 1.5, 4, 1.5, 4, 5, 1, 5]], [1, 0, 0, 0, 1, 0]]], 8, coverage);
  const row = (y: number) => [...coverage.subarray(y * 8, y * 8 + 8)];
  assert.equal(row(0), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(row(1), [0, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
  assert.equal(row(4), [0, 1, 1, 1, 0, 0, 0, 0]);
  assert.equal(row(5), [0, 0, 0, 0, 0, 0, 0, 0]);
});

shapes('mean and spread of the colours do not tell the class', () => {
  const source = openShapes({ ...plan, train: 300, test: 150 });
  const features = (split: 'train' | 'test', index: number): number[] => {
    const pixels = bytes(source, split, index);
    const sums = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < pixels.length; i += 3 * 7) {
      for (let c = 0; c < 3; c++) {
        sums[c]! += pixels[i + c]!;
        sums[c + 3]! += pixels[i + c]! ** 2;
      }
    }
    const n = pixels.length / 21;
    return sums.map((sum, c) => (c < 3 ? sum / n : Math.sqrt(sum / n - (sums[c - 3]! / n) ** 2)));
  };
  const means = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0, 0]);
  const known = Array.from({ length: 300 }, (_, i) => features('train', i));
  known.forEach((f, i) => {
    f.forEach((value, j) => {
      means[source.train.labels[i]!]![j]! += value / 60;
    });
  });
  const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((v, j) => v - b[j]!));
  const nearest = (f: readonly number[], among: readonly (readonly number[])[]) =>
    among.reduce((best, candidate, i) => (distance(f, candidate) < distance(f, among[best]!) ? i : best), 0);
  let [byMean, byNeighbour] = [0, 0];
  for (let i = 0; i < 150; i++) {
    const f = features('test', i);
    if (nearest(f, means) === source.test.labels[i]) byMean++;
    if (source.train.labels[nearest(f, known)] === source.test.labels[i]) byNeighbour++;
  }
  // Chance is 30 of 150 with a standard deviation of 4.9.
  assert.ok(byMean < 45, `nearest class mean: ${byMean} of 150`);
  assert.ok(byNeighbour < 45, `nearest neighbour: ${byNeighbour} of 150`);
});

shapes('too many classes is a DataError', () => {
  assert.throws(
    () => openShapes({ ...plan, classes: 11 }),
    (error: Error) => error instanceof DataError && /2 to 10 classes, not 11/.test(error.message),
  );
});

shapes.run();
