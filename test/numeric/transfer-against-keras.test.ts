// Transfer against Keras 3.15: a head on frozen weights of a file, then fine-tuning, three epochs each, as `tlp run` does it. Keras
// gave weights, images and figures (test/support/keras-training/train.py; known backbones: npm run parity:training).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cases } from '../support/keras-training/cases.ts';
import { compare } from '../support/keras-training/compare.ts';
import { type KerasTrained, trainCase } from '../support/keras-training/train-case.ts';

const folder = fileURLToPath(new URL('../support/keras-training/small', import.meta.url));
const keras: KerasTrained = JSON.parse(readFileSync(join(folder, 'keras.json'), 'utf8'));

const transfer = suite('transfer against Keras');

transfer('a small network: forward pass, losses as the epochs went, evaluation after each run', async () => {
  const compared = compare(await trainCase(cases.small!, folder), keras);
  assert.is(compared.length, 1 + 2 * 3);
  for (const { what, off, allowed } of compared)
    assert.ok(off <= allowed, `${what}: off by ${off}, allowed ${allowed}`);
});

transfer('what Keras was asked about can tell: each run learns, and Keras agrees with itself', () => {
  for (const [name, { epochs, test }] of Object.entries(keras.runs)) {
    assert.ok(epochs.at(-1)!.loss < 0.9 * epochs[0]!.loss, name);
    assert.ok(Math.abs(keras.shaken[name]!.loss - test.loss) < 1e-3, name);
  }
});

transfer.run();
