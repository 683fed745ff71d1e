// Whole backbones against Keras 3.15, three steps long: test/support/keras-steps/steps.py gave the expected values.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BATCH, kerasCases, noiseBatch, runOf, STEPS } from '../support/keras-steps/cases.ts';
import { channelsFirst, openRunner } from '../support/runner.ts';

interface Expected {
  readonly losses: readonly number[];
  /** Loss of one more batch with moving statistics. */
  readonly evaluation: number;
  readonly squares: Readonly<Record<string, number>>;
}

const file = new URL('../support/keras-steps/steps.json', import.meta.url);
const expected: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(file, 'utf8'));

const keras = suite('backbones against Keras');

const near = (value: number, wanted: number, what: string): void => {
  const off = Math.abs(value - wanted) / Math.max(1e-3, Math.abs(wanted));
  assert.ok(off < 2e-3, `${what}: ${value}, Keras has ${wanted}`);
};

for (const { name, size } of kerasCases) {
  keras(`${name}: losses, evaluation and weights`, async () => {
    const run = runOf(name, size);
    const { losses, evaluation, squares } = expected[name]!;
    const { runner } = await openRunner(run);
    const batch = (step: number) => {
      const { images, labels } = noiseBatch(size, step);
      return { count: BATCH, images: channelsFirst(run, images), labels, masks: {} };
    };
    for (let step = 0; step < STEPS; step += 1) {
      const { loss } = await runner.train(batch(step), 0.01, step + 1);
      near(loss, losses[step]!, `loss of step ${step + 1}`);
    }
    near((await runner.evaluate(batch(STEPS))).loss, evaluation, 'evaluation');
    const weights = runner.weights();
    for (const [weight, wanted] of Object.entries(squares)) {
      const values = weights.get(weight);
      assert.ok(values, weight);
      near(
        values.reduce((sum, value) => sum + value * value, 0),
        wanted,
        `sum of squares of ${weight}`,
      );
    }
    await runner.close();
  });
}

keras.run();
