// Whole backbones against Keras 3.15, three steps long: test/support/keras-steps/steps.py gave the expected values.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { BATCH, kerasCases, noiseBatch, runOf, STEPS, startWeights } from '../support/keras-steps/cases.ts';
import { channelsFirst, openRunner } from '../support/runner.ts';

interface Expected {
  /** Of the first batch before training, image by image. */
  readonly probabilities: readonly number[];
  readonly losses: readonly number[];
  /** Loss of one more batch with moving statistics. */
  readonly evaluation: number;
  readonly squares: Readonly<Record<string, number>>;
}

const file = new URL('../support/keras-steps/steps.json', import.meta.url);
const expected: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(file, 'utf8'));

const keras = suite('backbones against Keras');

const near = (value: number, wanted: number, what: string, tolerance = 2e-3): void => {
  const off = Math.abs(value - wanted) / Math.max(1e-3, Math.abs(wanted));
  assert.ok(off < tolerance, `${what}: ${value}, Keras has ${wanted}`);
};

for (const each of kerasCases) {
  const { name, size } = each;
  keras(`${name}: losses, evaluation and weights`, async () => {
    const run = runOf(name, size);
    const { probabilities, losses, evaluation, squares } = expected[name]!;
    const weights = startWeights(buildRunLayers(run).model, run.seed);
    const { runner } = await openRunner(run, { weights });
    const batch = (step: number) => {
      const { images, labels } = noiseBatch(each, step);
      return { count: BATCH, inputs: { images: channelsFirst(run, images) }, labels, masks: {} };
    };
    const forward = await runner.predict(batch(0));
    for (const [i, wanted] of probabilities.entries()) near(forward[i]!, wanted, `probability ${i}`, 1e-4);
    for (let step = 0; step < STEPS; step += 1) {
      const { loss } = await runner.train(batch(step), 0.01, step + 1);
      near(loss, losses[step]!, `loss of step ${step + 1}`);
    }
    near((await runner.evaluate(batch(STEPS))).loss, evaluation, 'evaluation');
    const trained = await runner.weights();
    for (const [weight, wanted] of Object.entries(squares)) {
      const values = trained.get(weight);
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
