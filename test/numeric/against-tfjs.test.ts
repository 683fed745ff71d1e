// Whole models, several optimizer steps long: the compiled step on onnxruntime against tfjs' own autodiff on its CPU backend.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { topologyOf } from '../../src/compiler/layers/topology.ts';
import type { LayerPlan, RunPlan, StagePlan } from '../../src/compiler/plan/plan.ts';
import { image, layer, own, runPlan } from '../support/run-plan.ts';
import { batchOf, openRunner, stepBatch } from '../support/runner.ts';
import { tf, tfjsModel } from '../support/tfjs.ts';

const relu = { activation: 'relu' } as const;
const same = { padding: 'same' } as const;
const softmax = layer.dense(3, { activation: 'softmax', name: 'predictions' });

const LR = 0.05;
const stage = { optimizer: { kind: 'sgd', lr: LR, momentum: 0.9, nesterov: false, weight_decay: 0 } } as const;

const run = (side: number, channels: number, layers: readonly LayerPlan[], head: readonly LayerPlan[]): RunPlan => {
  const plan = runPlan(own(...layers), image(side, channels), head);
  return {
    ...plan,
    data: { ...plan.data, classes: 3 },
    stages: plan.stages.map((each): StagePlan => ({ ...each, ...stage })),
  };
};

const models: readonly (readonly [string, RunPlan])[] = [
  [
    'a CNN: same and valid padding, strides, pooling, dense',
    run(
      12,
      3,
      [
        layer.conv(6, 3, { ...relu, ...same }),
        layer.maxPool(2),
        layer.conv(8, 3, { ...relu, stride: [2, 2], padding: 'same' }),
        layer.conv(40, 3, { activation: 'tanh', padding: 'same' }),
        layer.conv(10, 2, { activation: 'elu' }),
      ],
      [layer.flatten(), layer.dense(9, relu), softmax],
    ),
  ],
  [
    'a residual block with batch norm',
    run(
      8,
      2,
      [
        layer.conv(6, 3, same),
        layer.batchNorm(),
        layer.activation('relu'),
        layer.merge('add', [layer.conv(6, 1), layer.batchNorm()], [layer.conv(6, 3, same), layer.batchNorm()]),
        layer.activation('relu'),
        layer.zeroPadding(1),
        layer.maxPool(3, { stride: [2, 2] }),
      ],
      [layer.gap(), layer.batchNorm(), layer.dense(6, relu), softmax],
    ),
  ],
  [
    'zero padding before max pooling, of values below zero too',
    run(
      8,
      2,
      [layer.conv(6, 3, same), layer.zeroPadding(1), layer.maxPool(3, { stride: [2, 2] })],
      [layer.gap(), softmax],
    ),
  ],
  [
    'depthwise, separable, concatenate, average pooling, swish, gelu, mish',
    run(
      9,
      3,
      [
        layer.depthwise(3, { multiplier: 2, padding: 'same', activation: 'silu' }),
        layer.merge('concatenate', [layer.separable(5, 3, same)], [layer.conv(4, 1, { activation: 'gelu' })]),
        // valid: tfjs' CPU gradient of padded average pooling divides by the whole window, its forward pass by the real pixels
        { kind: 'average_pool', size: [3, 3], stride: [2, 2], padding: 'valid', name: null },
        layer.depthwise(3, { stride: [2, 2], padding: 'same' }),
        layer.activation('mish'),
      ],
      [{ kind: 'global_max_pooling', name: null }, softmax],
    ),
  ],
  [
    'layer norm, leaky_relu, sigmoid gate, l1 and l2',
    run(
      6,
      3,
      [
        layer.conv(5, 3, { kernel_regularizer: { l1: 0.01, l2: 0.02 } }),
        layer.layerNorm(),
        layer.activation('leaky_relu'),
        layer.merge('multiply', [], [layer.conv(5, 1, { activation: 'sigmoid' })]),
      ],
      [layer.flatten(), softmax],
    ),
  ],
];

const test = suite('against the autodiff of tfjs');

for (const [name, plan] of models) {
  test(name, async () => {
    const { runner, layers, weights } = await openRunner(plan);
    const model = await tfjsModel(topologyOf(layers.model));
    const byName = new Map(model.weights.map((weight) => [weight.originalName, weight]));
    for (const weight of layers.model.layers.flatMap((each) => each.weights)) {
      byName.get(weight.name)?.write(tf.tensor(weights.get(weight.name) as Float32Array, [...weight.shape]));
    }
    const optimizer = tf.train.momentum(LR, 0.9);
    const { height, width, channels } = plan.data.image;
    // the last batch is short
    for (const [step, count] of [5, 5, 5, 3].entries()) {
      const { images, labels } = batchOf(plan, count, step);
      const ours = await runner.train(stepBatch(plan, count, step), LR, step + 1);
      const theirs = optimizer.minimize(() => {
        const x = tf.tensor4d(images, [count, height, width, channels]);
        const p = model.apply(x, { training: true }) as tf.Tensor;
        const y = tf.tensor2d(labels, [count, 3]);
        const data = tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(p)), -1)));
        return tf.addN([data, ...model.calculateLosses()]) as tf.Scalar;
      }, true);
      const expected = (await theirs!.data())[0]!;
      assert.ok(Math.abs(ours.loss - expected) < 2e-4, `step ${step + 1}: loss ${ours.loss}, tfjs ${expected}`);
    }
    for (const [weight, value] of await runner.weights()) {
      const expected = await byName.get(weight)!.read().data();
      const scale = Math.max(...expected.map(Math.abs), 1e-2);
      const off = Math.max(...value.map((v, i) => Math.abs(v - expected[i]!)));
      assert.ok(off < 1e-3 * scale, `${weight} is off by ${off} of ${scale}`);
    }
    // evaluation form: moving statistics, no dropout
    const { images, labels } = batchOf(plan, 4, 9);
    const ours = await runner.predict({ ...stepBatch(plan, 4, 9), labels });
    const theirs = await (model.predict(tf.tensor4d(images, [4, height, width, channels])) as tf.Tensor).data();
    assert.ok(Math.max(...ours.map((v, i) => Math.abs(v - theirs[i]!))) < 1e-3);
    await runner.close();
    optimizer.dispose();
    model.dispose();
  });
}

test.run();
