// Some classes of a source: their images in order, renumbered, the same bytes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDigits } from '../../../src/runtime/data/digits.ts';
import { keepClasses } from '../../../src/runtime/data/keep-classes.ts';
import { openSource } from '../../../src/runtime/data/open-source.ts';
import { DataError } from '../../../src/runtime/data/source.ts';

const test = suite('keep classes');

const all = openDigits();

test('by place: both ends included, images in their order, the same bytes', () => {
  const kept = keepClasses(all, [5, 9]);
  assert.equal(kept.classes, ['5', '6', '7', '8', '9']);
  for (const split of ['train', 'test'] as const) {
    const expected = [...all[split].labels].flatMap((label, index) =>
      label >= 5 ? [{ label: label - 5, index }] : [],
    );
    assert.is(kept[split].count, expected.length);
    assert.equal(
      [...kept[split].labels],
      expected.map(({ label }) => label),
    );
    const [one, other] = [new Uint8Array(64), new Uint8Array(64)];
    for (const at of [0, 7, expected.length - 1]) {
      kept.read(split, at, one);
      all.read(split, expected[at]!.index, other);
      assert.equal(one, other);
      assert.equal(kept.digest(split, at), all.digest(split, expected[at]!.index));
    }
  }
});

test('by name, in the order of the source whatever the order of the names', () => {
  assert.equal(keepClasses(all, ['7', '1']).classes, ['1', '7']);
});

test('opened so by a plan', async () => {
  assert.equal((await openSource({ kind: 'digits' }, undefined, [0, 1])).classes, ['0', '1']);
});

test('a class that is not there', () => {
  for (const choice of [
    ['cat', '1'],
    [8, 12],
  ] as const) {
    assert.throws(
      () => keepClasses(all, choice as readonly string[]),
      (error: unknown) =>
        error instanceof DataError && /which the data do not have: they have 0, 1, 2/.test(error.message),
    );
  }
});

test.run();
