// What must hold of frozen layers: the same bytes, the inference form, the same numbers with and without the split at the frontier.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { topologyOf } from '../../src/compiler/layers/topology.ts';
import type { FreezePlan, RunPlan, StagePlan } from '../../src/compiler/plan/plan.ts';
import { image, layer, own, runPlan } from '../support/run-plan.ts';
import { batchOf, openRunner, stepBatch } from '../support/runner.ts';
import { tf, tfjsModel } from '../support/tfjs.ts';

const adam = {
  kind: 'adam',
  lr: 0.01,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
} as const;
const relu = { activation: 'relu', padding: 'same' } as const;

const runWith = (freeze: FreezePlan): RunPlan => {
  const backbone = own(
    layer.conv(6, 3, { ...relu, name: 'one' }),
    { ...layer.batchNorm(), name: 'one_bn' },
    layer.zeroPadding(1),
    layer.conv(8, 3, { name: 'two' }),
    { ...layer.batchNorm(), name: 'two_bn' },
    layer.activation('relu'),
    layer.conv(8, 3, { ...relu, name: 'three' }),
  );
  const head = [layer.gap(), layer.dense(3, { activation: 'softmax', name: 'predictions' })];
  const plan = runPlan(backbone, image(8), head);
  return {
    ...plan,
    data: { ...plan.data, classes: 3 },
    stages: plan.stages.map((stage): StagePlan => ({ ...stage, freeze, optimizer: adam })),
  };
};

const policy = (except: FreezePlan['except']): FreezePlan => ({
  kind: 'backbone',
  count: null,
  except,
  batch_norm: 'train',
});

const frozen = suite('frozen layers');

for (const [name, freeze, still] of [
  ['the whole backbone', policy(null), ['one', 'one_bn', 'two', 'two_bn', 'three']],
  ['all but the last layer', policy({ kind: 'last', count: 1 }), ['one', 'one_bn', 'two', 'two_bn']],
  ['frozen layers above trained ones', policy({ kind: 'pattern', pattern: 'one*' }), ['two', 'two_bn', 'three']],
] as const) {
  frozen(`${name}: the same bytes after three steps, the rest moves`, async () => {
    const run = runWith(freeze);
    const { runner, weights } = await openRunner(run);
    for (let step = 1; step <= 3; step += 1) await runner.train(stepBatch(run, 5, step), 0.01, step);
    for (const [weight, value] of await runner.weights()) {
      const before = Buffer.from(weights.get(weight)!.buffer.slice(0));
      const after = Buffer.from(value.buffer as ArrayBuffer);
      const same = before.equals(after);
      assert.is(same, (still as readonly string[]).includes(weight.split('/')[0] as string), weight);
    }
    await runner.close();
  });
}

/** Layers as runWith has them, and a batch norm that the next convolution reads directly, as MobileNetV2 has. */
const bottlenecks = (freeze: FreezePlan): RunPlan => {
  const plan = runWith(freeze);
  const backbone = own(
    layer.conv(6, 3, { name: 'one' }),
    { ...layer.batchNorm(), name: 'one_bn' },
    layer.conv(8, 1, { name: 'two' }),
    { ...layer.batchNorm(), name: 'two_bn' },
    layer.conv(8, 3, { ...relu, name: 'three' }),
  );
  return { ...plan, backbone };
};

for (const [name, run] of [
  ['a frozen backbone', runWith(policy(null))],
  ['a frozen backbone without activations between', bottlenecks(policy(null))],
  ['a freeze frontier right behind a batch norm', bottlenecks(policy({ kind: 'from', layer: 'three' }))],
] as const) {
  frozen(`${name} runs in inference form: tfjs without its training flag gives the same loss`, async () => {
    const { runner, layers, weights } = await openRunner(run);
    // statistics that differ from the batch's
    const moved = new Map(weights);
    for (const [weight, value] of moved) {
      if (weight.endsWith('moving_mean'))
        moved.set(
          weight,
          value.map((_, i) => 0.1 * i - 0.2),
        );
      if (weight.endsWith('moving_variance'))
        moved.set(
          weight,
          value.map((_, i) => 0.5 + 0.3 * i),
        );
    }
    await runner.setWeights(moved);
    const { loss } = await runner.train(stepBatch(run, 5, 1), 0.01, 1);
    const model = await tfjsModel(topologyOf(layers.model));
    for (const weight of model.weights) {
      weight.write(tf.tensor(moved.get(weight.originalName) as Float32Array, weight.shape as number[]));
    }
    const { images, labels } = batchOf(run, 5, 1);
    const p = model.predict(tf.tensor4d(images, [5, 8, 8, 3])) as tf.Tensor;
    const expected = (await tf.neg(tf.mean(tf.sum(tf.mul(tf.tensor2d(labels, [5, 3]), tf.log(p)), -1))).data())[0]!;
    assert.ok(Math.abs(loss - expected) < 1e-5, `${loss} for ${expected}`);
    await runner.close();
  });
}

frozen('the graph of a frozen backbone: a prefix with folded batch norm, no gradient below the frontier', () => {
  const run = runWith(policy(null));
  const graphs = buildStageGraphs(buildRunLayers(run, '/runs/0'), run.stages[0]!, 0);
  const ops = (graph: typeof graphs.prefix): string[] => graph?.nodes.map((node) => node.op.op) ?? [];
  assert.is(ops(graphs.prefix).filter((op) => op === 'Conv').length, 3);
  assert.not.ok(ops(graphs.train).includes('Conv'), 'a convolution above the frontier');
  // two_bn follows its convolution directly and is folded; one_bn follows a relu and cannot be
  assert.is(ops(graphs.prefix).filter((op) => op === 'BatchNormalization').length, 1);
  assert.not.ok(ops(graphs.prefix).includes('Pad'), 'padding is part of the convolution');
});

frozen('dropout masks come from outside and act in training only', async () => {
  const plan = runPlan(own(layer.conv(4, 3, relu)), image(6), [
    layer.flatten(),
    layer.dropout(0.5),
    layer.dense(3, { activation: 'softmax', name: 'predictions' }),
  ]);
  const run: RunPlan = { ...plan, data: { ...plan.data, classes: 3 } };
  const { runner, stage } = await openRunner(run);
  assert.equal(stage.masks, [{ name: 'dropout/mask', shape: [144], rate: 0.5 }]);
  const zeros = new Float32Array(4 * 144);
  // all features dropped: logits are the zero biases, so the loss is log 3
  const { loss } = await runner.train(stepBatch(run, 4, 1, { 'dropout/mask': zeros }), 0, 1);
  assert.ok(Math.abs(loss - Math.log(3)) < 1e-6);
  const evaluated = await runner.evaluate(stepBatch(run, 4, 1));
  assert.ok(Math.abs(evaluated.loss - Math.log(3)) > 1e-3);
  await runner.close();
});

frozen.run();
