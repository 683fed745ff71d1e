// The odd pixel and the counts of windows, as TensorFlow has them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reachOf, sameCount, samePadding, windowCount } from '../../../src/compiler/leaf/convolution.ts';

const test = suite('convolution arithmetic');

test("padding 'same' puts the odd pixel behind (TensorFlow rule)", () => {
  assert.equal(samePadding(224, 3, 2), [0, 1]);
  assert.equal(samePadding(225, 3, 2), [1, 1]);
  assert.equal(samePadding(5, 3, 1), [1, 1]);
  assert.equal(samePadding(5, 2, 1), [0, 1]);
  assert.equal(samePadding(9, reachOf(3, 2), 1), [2, 2]);
  assert.equal(samePadding(4, 1, 2), [0, 0]);
});

test("padded as 'same' says, a window fits ceil(size / stride) times", () => {
  for (let size = 1; size <= 20; size++)
    for (const kernel of [1, 2, 3, 5])
      for (const stride of [1, 2, 3])
        for (const dilation of [1, 2]) {
          const reach = reachOf(kernel, dilation);
          const [front, behind] = samePadding(size, reach, stride);
          assert.is(windowCount(size + front + behind, reach, stride), sameCount(size, stride), `${size} ${reach}`);
        }
});

test.run();
