// Dropout masks: Keras' values (docs/facts/keras.md, "Layers, initializers, activations"), the share that drops, and independence.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dropoutMask } from '../../../src/runtime/loader/dropout-mask.ts';

const masks = suite('loader: dropout masks');
const mask = (rate: number, length = 100000, name = 'mask') =>
  dropoutMask({ name, shape: [length / 10], rate }, 10, 3, 1, 0);

masks('0 or 1 / (1 - rate), the share dropped within four standard deviations of rate', () => {
  for (const rate of [0.05, 0.2, 0.5, 0.75, 0.95]) {
    const values = mask(rate);
    assert.ok(values.every((value) => value === 0 || value === Math.fround(1 / (1 - rate))));
    const dropped = values.filter((value) => value === 0).length / values.length;
    assert.ok(Math.abs(dropped - rate) < 4 * Math.sqrt((rate * (1 - rate)) / values.length), `${rate}: ${dropped}`);
  }
});

masks('rate 0 keeps all, rate 1 drops all', () => {
  assert.ok(mask(0).every((value) => value === 1));
  assert.ok(mask(1).every((value) => value === 0));
});

masks('neighbours, batches, epochs, seeds and names are independent', () => {
  const values = mask(0.5);
  const agree = (other: Float32Array, shift = 0) =>
    values.filter((value, i) => value === other[(i + shift) % other.length]).length / values.length;
  for (const shift of [1, 2, 10, 64]) assert.ok(Math.abs(agree(values, shift) - 0.5) < 0.01, `shift ${shift}`);
  const of = { name: 'mask', shape: [10000], rate: 0.5 };
  for (const other of [
    dropoutMask(of, 10, 4, 1, 0),
    dropoutMask(of, 10, 3, 2, 0),
    dropoutMask(of, 10, 3, 1, 1),
    mask(0.5, 100000, 'mask2'),
  ])
    assert.ok(Math.abs(agree(other) - 0.5) < 0.01);
  assert.is(agree(dropoutMask(of, 10, 3, 1, 0)), 1);
});

masks.run();
