// Distances by hand, and the nearest of several words.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editDistance, nearestWords } from '../../../src/compiler/leaf/edit-distance.ts';

const test = suite('edit distance');

test('an insertion, a deletion, a replacement and a swap of neighbours count one each', () => {
  assert.is(editDistance('', 'abc'), 3);
  assert.is(editDistance('abc', ''), 3);
  assert.is(editDistance('adm', 'adam'), 1);
  assert.is(editDistance('addam', 'adam'), 1);
  assert.is(editDistance('adem', 'adam'), 1);
  assert.is(editDistance('aadm', 'adam'), 1);
  assert.is(editDistance('kitten', 'sitting'), 3);
});

test('nearest first, equal ones in their order; a star at the end stands for any ending', () => {
  const names = ['block1_conv1', 'block5_conv1', 'block5_conv2', 'predictions'];
  assert.equal(nearestWords('blcok5_conv2', names, 2), ['block5_conv2', 'block5_conv1']);
  assert.equal(nearestWords('bolck5_*', names, 2), ['block5_conv1', 'block5_conv2']);
});

test.run();
