// Splits: Keras' validation_split rule (docs/facts/keras.md, "Training loop"), stratified parts, limits, probe and shuffling.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TrainableData } from '../../../src/compiler/plan/trainable.ts';
import { DataError } from '../../../src/runtime/data/source.ts';
import { balancedPart, probeIndices, shuffled, splitIndices } from '../../../src/runtime/data/split.ts';

const split = suite('data: split');
const noLimit = { train: null, test: null };
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const labelled = (train: readonly number[], test: readonly number[] = [0, 1]) => ({
  train: Uint16Array.from(train),
  test: Uint16Array.from(test),
});
const last = (fraction: number, stratified = false): TrainableData['validation'] => ({
  kind: 'fraction',
  fraction,
  stratified,
});

split('the last fraction before shuffling; n = 10, f = 0.25 gives 7 and 3 (Keras 3.15)', () => {
  const { train, validation, test } = splitIndices(
    { limit: noLimit, validation: last(0.25) },
    labelled(new Array(10).fill(0)),
  );
  assert.equal([...train], [0, 1, 2, 3, 4, 5, 6]);
  assert.is(validation!.split, 'train');
  assert.equal([...validation!.indices], [7, 8, 9]);
  assert.equal([...test], [0, 1]);
});

split('stratified: the last fraction of each class, nothing twice, nothing lost', () => {
  const labels = labelled([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2]);
  const { train, validation } = splitIndices({ limit: noLimit, validation: last(0.25, true) }, labels);
  // 13 images leave floor(9.75) = 9 and 4; 4/13 of 8, 4 and 1 are 2.46, 1.23 and 0.31: 2, 1 and 0, and one more where most is left over
  assert.equal([...train], [0, 1, 2, 3, 4, 8, 9, 10, 12]);
  assert.equal([...validation!.indices], [5, 6, 7, 11]);
});

for (const [share, classes, each, wanted] of [
  [0.1, 10, 11, [99, 11]],
  [0.3, 9, 10, [63, 27]],
  [0.3, 1, 90, [63, 27]],
  [0.2, 100, 3, [240, 60]],
  [0.15, 7, 13, [77, 14]],
] as const) {
  split(
    `stratified: ${share * 100} % of ${classes} x ${each} are ${wanted[1]}, and classes differ by one at most`,
    () => {
      const labels = Array.from({ length: classes * each }, (_, i) => i % classes);
      const { train, validation } = splitIndices({ limit: noLimit, validation: last(share, true) }, labelled(labels));
      assert.equal([train.length, validation!.indices.length], wanted);
      const counts = new Map<number, number>();
      for (const index of validation!.indices) counts.set(labels[index]!, (counts.get(labels[index]!) ?? 0) + 1);
      const sizes = Array.from({ length: classes }, (_, c) => counts.get(c) ?? 0);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join(' '));
      assert.equal(
        [...train, ...validation!.indices].sort((a, b) => a - b),
        labels.map((_, i) => i),
      );
    },
  );
}

split('30 % of 90 are 27, whatever floating point makes of 90 * 0.7', () => {
  const { train, validation } = splitIndices(
    { limit: noLimit, validation: last(0.3) },
    labelled(new Array(90).fill(0)),
  );
  assert.equal([train.length, validation!.indices.length], [63, 27]);
});

split('no validation, and the test split as validation', () => {
  const labels = labelled([0, 1, 0, 1], [1, 0, 1]);
  assert.is(splitIndices({ limit: noLimit, validation: { kind: 'none' } }, labels).validation, null);
  const asked = splitIndices({ limit: noLimit, validation: { kind: 'test' } }, labels);
  assert.is(asked.validation!.split, 'test');
  assert.equal([...asked.validation!.indices], [0, 1, 2]);
  assert.equal([...asked.train], [0, 1, 2, 3]);
});

split('an empty side is a DataError', () => {
  const bad = (fraction: number, n: number) => () =>
    splitIndices({ limit: noLimit, validation: last(fraction) }, labelled(new Array(n).fill(0)));
  for (const [fraction, n, what] of [
    [0.9, 1, 'train'],
    [0, 10, 'validation'],
  ] as const)
    assert.throws(bad(fraction, n), (e: Error) => e instanceof DataError && e.message.includes(`none for ${what}`));
  assert.throws(bad(0.2, 0), (e: Error) => e instanceof DataError && /no images to train on/.test(e.message));
  assert.throws(
    () => splitIndices({ limit: noLimit, validation: { kind: 'test' } }, labelled([0, 1], [])),
    (e: Error) => e instanceof DataError && /no test images/.test(e.message),
  );
});

split('limits come first and keep the share of each class, whether labels are sorted or take turns', () => {
  const sorted = labelled(upTo(100).map((i) => Math.floor(i / 25)));
  const turns = labelled(upTo(100).map((i) => i % 4));
  for (const labels of [sorted, turns]) {
    const { train, validation } = splitIndices({ limit: { train: 20, test: 1 }, validation: last(0.25) }, labels);
    assert.is(train.length, 15);
    assert.is(validation!.indices.length, 5);
    const counts = [0, 0, 0, 0];
    for (const index of [...train, ...validation!.indices]) counts[labels.train[index]!]!++;
    assert.equal(counts, [5, 5, 5, 5]);
  }
});

split('the probe: fixed, inside the train part, each class with its share', () => {
  const labels = Uint16Array.from(upTo(90), (i) => (i % 3 === 0 ? 0 : 1));
  const train = Uint32Array.from(upTo(60));
  const probe = probeIndices(train, labels, 12);
  assert.equal(probe, probeIndices(train, labels, 12));
  assert.is(new Set(probe).size, 12);
  assert.ok(probe.every((index) => index < 60));
  assert.is(probe.filter((index) => labels[index] === 0).length, 4);
  assert.equal(probeIndices(train, labels, 100), train);
});

split('parts of odd sizes have exactly that size', () => {
  const labels = Uint16Array.from(upTo(50), (i) => (i * i) % 7);
  for (let size = 0; size <= 50; size++)
    assert.is(new Set(balancedPart(Uint32Array.from(upTo(50)), labels, size)).size, size);
});

split('shuffling is a permutation, fixed by (seed, epoch), new each epoch, and leaves its input alone', () => {
  const indices = Uint32Array.from(upTo(500), (i) => 3 * i);
  const order = shuffled(indices, 7, 1);
  assert.equal(
    [...order].sort((a, b) => a - b),
    [...indices],
  );
  assert.equal(order, shuffled(indices, 7, 1));
  assert.not.equal(order, shuffled(indices, 7, 2));
  assert.not.equal(order, shuffled(indices, 8, 1));
  assert.is(indices[1], 3);
});

split('every place is about equally likely (chi-square of 4 places over 4000 epochs)', () => {
  const counts = new Array<number>(16).fill(0);
  for (let epoch = 1; epoch <= 4000; epoch++)
    shuffled(Uint32Array.of(0, 1, 2, 3), 1, epoch).forEach((value, place) => {
      counts[value * 4 + place]!++;
    });
  const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chi < 27.9, `chi-square ${chi}`); // 9 degrees of freedom, p = 0.001
});

split.run();
