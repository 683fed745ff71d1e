// Loss and right answers of label shares, as mixup and cutmix give them, against Keras (test/support/keras-mix/mix.py).
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder, formulas } from '../../src/compiler/graph/builder.ts';
import { BATCH } from '../../src/compiler/graph/dims.ts';
import { crossEntropy } from '../../src/compiler/training/loss.ts';
import { loadGraph } from '../support/run-graph.ts';
import { image, layer, own, runPlan } from '../support/run-plan.ts';
import { openRunner } from '../support/runner.ts';

const mixed = suite('mixed labels');

interface Expected {
  readonly logits: readonly number[];
  readonly shares: readonly number[];
  readonly loss: Readonly<Record<string, number>>;
  readonly correct: number;
}
const keras: { readonly mixed_labels: Expected } = JSON.parse(
  readFileSync(new URL('../support/keras-mix/mix.json', import.meta.url), 'utf8'),
);
const { correct, loss } = keras.mixed_labels;
const logits = Float32Array.from(keras.mixed_labels.logits);
const shares = Float32Array.from(keras.mixed_labels.shares);
const [COUNT, CLASSES] = [4, 4];

const lossOf = async (labels: Float32Array, smoothing: number, weights: readonly number[] | null): Promise<number> => {
  const b = createBuilder();
  const [x, y] = [b.input('logits', 'float32', [BATCH, CLASSES]), b.input('labels', 'float32', [BATCH, CLASSES])];
  const value = b.named(crossEntropy(formulas(b), b, x, y, smoothing, weights), 'loss');
  const { run, close } = await loadGraph(b.finish([value], 'loss'), COUNT);
  const result = await run({ logits, labels });
  await close();
  return result.loss![0]!;
};
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 2e-6, `${actual} for ${expected}`);

for (const smoothing of [0, 0.1]) {
  mixed(`loss of label shares, smoothing ${smoothing}`, async () => {
    near(await lossOf(shares, smoothing, null), loss[smoothing.toFixed(1)]!);
  });

  mixed(`with class weights it is the mixture of the losses under each class, smoothing ${smoothing}`, async () => {
    const weights = [0.5, 2, 1, 3];
    // Keras' loss of one image of one class, from the definition: -w sum_k smooth_k log p_k
    const single = (row: number, label: number): number => {
      const values = [...logits.subarray(row * CLASSES, (row + 1) * CLASSES)];
      const total = Math.log(values.reduce((sum, v) => sum + Math.exp(v), 0));
      const soft = (c: number): number => (c === label ? 1 - smoothing : 0) + smoothing / CLASSES;
      return -weights[label]! * values.reduce((sum, v, c) => sum + soft(c) * (v - total), 0);
    };
    let expected = 0;
    for (const [i, share] of shares.entries()) expected += share * single(Math.floor(i / CLASSES), i % CLASSES);
    near(await lossOf(shares, smoothing, weights), expected / COUNT);
  });
}

mixed('an answer is right when it is the class of the largest share, the first of equals', async () => {
  // one pixel a class: with an identity kernel the images are the logits
  const output = layer.dense(CLASSES, { activation: 'softmax', name: 'predictions' });
  const plan = runPlan(own(layer.rescaling(1, 0)), { ...image(1), width: CLASSES, channels: 1 }, [
    layer.flatten(),
    output,
  ]);
  const run = { ...plan, data: { ...plan.data, classes: CLASSES } };
  const identity = Float32Array.from({ length: CLASSES * CLASSES }, (_, i) => (i % (CLASSES + 1) === 0 ? 1 : 0));
  const weights = new Map([
    ['predictions/kernel', identity],
    ['predictions/bias', new Float32Array(CLASSES)],
  ]);
  const { runner } = await openRunner(run, { weights });
  const result = await runner.evaluate({
    count: COUNT,
    inputs: { images: logits.slice() },
    labels: shares.slice(),
    masks: {},
  });
  await runner.close();
  assert.is(result.correct, correct);
  near(result.loss, loss['0.0']!);
});

mixed.run();
