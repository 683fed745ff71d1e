// The topology JSON in tfjs-layers 4.22 itself: it loads, and shapes, parameters, names and order are ours.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import type { LayersModel } from '../../../src/compiler/layers/layers.ts';
import { tfjsGaps, topologyOf } from '../../../src/compiler/layers/topology.ts';
import type { RunPlan } from '../../../src/compiler/plan/plan.ts';
import { image, known, layer, own, runPlan, simpleHead } from '../../support/run-plan.ts';
import { outputAt, type TfjsModel, tf, tfjsModel } from '../../support/tfjs.ts';

const test = suite('layers/topology');

test('ResNet50 with a batch norm head loads with the same layers, shapes and parameters', async () => {
  const head = [layer.gap(), layer.batchNorm(), layer.dense(256, { activation: 'relu' }), layer.dropout(0.5)];
  const model = built(runPlan(known('resnet50'), image(64), [...head, ...simpleHead(5).slice(1)]));
  const loaded = await tfjsModel(topologyOf(model));
  assert.equal(theirLayers(loaded), ourLayers(model));
  const backbone = loaded.layers.slice(0, loaded.layers.findIndex(({ name }) => name === 'conv5_block3_out') + 1);
  // Keras: 23,587,712 parameters without top.
  assert.is(
    backbone.reduce((sum, { weights }) => sum + sizes(weights), 0),
    23_587_712,
  );
  dispose(loaded);
});

for (const name of ['vgg16', 'mobilenetv2', 'mobilenetv3small', 'efficientnetb0', 'xception'] as const) {
  test(`${name} loads with the same layers, shapes and parameters`, async () => {
    const model = built(runPlan(known(name), image(name === 'xception' ? 75 : 32)));
    const loaded = await tfjsModel(topologyOf(model));
    assert.equal(theirLayers(loaded), ourLayers(model));
    dispose(loaded);
  });
}

test('a network of every layer of the language loads with the same layers, shapes and parameters', async () => {
  const model = built(everyLayer());
  const loaded = await tfjsModel(topologyOf(model));
  assert.equal(theirLayers(loaded), ourLayers(model));
  dispose(loaded);
});

test('weights have the names and shapes that tfjs gives them', async () => {
  const model = built(everyLayer());
  const loaded = await tfjsModel(topologyOf(model));
  const ours = model.layers.flatMap((l) => l.weights.map((w) => `${w.name} ${w.shape.join('x')}`));
  const theirs = loaded.layers.flatMap((l) => l.weights.map((w) => `${w.originalName} ${w.shape.join('x')}`));
  assert.equal(theirs, ours);
  dispose(loaded);
});

test('kernels start glorot uniform, not with the glorot normal of tfjs', async () => {
  const loaded = await tfjsModel(
    topologyOf(built(runPlan(own(layer.flatten(), layer.dense(64)), image(8), [layer.dense(2)]))),
  );
  const values = await loaded.getLayer('dense').getWeights()[0]?.data();
  const limit = Math.sqrt(6 / (8 * 8 * 3 + 64));
  assert.ok(values && Math.max(...values) <= limit && Math.max(...values) > 0.98 * limit);
  dispose(loaded);
});

// Golden values of Keras 3.15.1 at -4, -1, 0.5, 2; leaky_relu by its slope of 0.2 below zero.
const golden = {
  hard_sigmoid: [0, 0.333333, 0.583333, 0.833333],
  hard_silu: [0, -0.333333, 0.291667, 1.666667],
  silu: [-0.071945, -0.268941, 0.31123, 1.761594],
  gelu: [-0.00012669, -0.15865526, 0.34573123, 1.95449972],
  mish: [-0.0725917, -0.3034015, 0.3752452, 1.943959],
  leaky_relu: [-0.8, -0.2, 0.5, 2],
} as const;

for (const name of Object.keys(golden) as (keyof typeof golden)[]) {
  test(`${name} means in tfjs what it means in Keras`, async () => {
    const alone = built(runPlan(own(layer.activation(name), layer.flatten()), image(2, 1), [layer.dense(1)]));
    const inside = built(
      runPlan(own(layer.conv(1, 1, { activation: name }), layer.flatten()), image(2, 1), [layer.dense(1)]),
    );
    for (const model of [alone, inside]) {
      const loaded = await tfjsModel(topologyOf(model));
      if (model === inside) loaded.getLayer('conv2d').setWeights([tf.ones([1, 1, 1, 1]), tf.zeros([1])]);
      const output = outputAt(loaded, 'flatten', tf.tensor([-4, -1, 0.5, 2], [1, 2, 2, 1]));
      close(await output.data(), golden[name], 2e-6);
      dispose(loaded);
    }
  });
}

test('frozen layers are marked', () => {
  const model = built(runPlan(known('vgg16'), image(32)));
  const { layers } = topologyOf(model, new Set(['block1_conv1'])).config;
  const marked = layers.filter((l) => l.config.trainable === false).map((l) => l.name);
  assert.equal(marked, ['block1_conv1']);
});

test('what tfjs-layers gets wrong is named', () => {
  const grouped = layer.conv(4, 1, { groups: 2 });
  const dilated = layer.depthwise(3, { dilation: [2, 2] });
  const model = built(runPlan(own(grouped, dilated, layer.activation('exponential')), image(8, 4)));
  assert.is(tfjsGaps(model).length, 3);
  assert.equal(tfjsGaps(built(everyLayer())), []);
});

function everyLayer(): RunPlan {
  const relu = { activation: 'relu' } as const;
  return runPlan(
    own(
      layer.rescaling(1 / 255, 0),
      layer.conv(8, 3, { ...relu, padding: 'same', kernel_regularizer: { l1: 0, l2: 1e-4 } }),
      layer.batchNorm(),
      layer.conv(8, 3, { dilation: [2, 2], kernel_initializer: { kind: 'he_normal' } }),
      layer.maxPool(2),
      layer.spatialDropout(0.1),
      layer.zeroPadding(1),
      layer.depthwise(3, { ...relu, multiplier: 2, stride: [2, 2], padding: 'same' }),
      layer.separable(8, 3, { ...relu, use_bias: false }),
      { kind: 'average_pool', size: [2, 2], stride: [1, 1], padding: 'same', name: 'smooth' },
      layer.layerNorm(),
      layer.merge('add', [], [layer.conv(8, 1, { activation: 'hard_silu' })]),
      layer.merge('concatenate', [layer.conv(4, 1)], [layer.conv(6, 3, { padding: 'same' })], []),
      layer.merge('multiply', [], [layer.gap(), layer.dense(18, { activation: 'sigmoid' }), layer.reshape(1, 1, 18)]),
      layer.activation('silu'),
      { kind: 'global_max_pooling', name: null },
    ),
    image(20),
    [layer.reshape(3, 3, -1), layer.flatten(), layer.dense(16, relu), layer.dropout(0.5), ...simpleHead(7).slice(1)],
  );
}

function built(run: RunPlan): LayersModel {
  const { model, problems } = buildLayers(run);
  assert.equal(problems, []);
  return model;
}

/** Extra layers that stand for one of ours are left out. */
function theirLayers(model: TfjsModel): object[] {
  return model.layers
    .filter(({ name }) => !name.includes('__'))
    .map((l) => ({
      name: l.name,
      shape: (l.outputShape as number[]).slice(1),
      params: sizes(l.weights),
    }));
}

function ourLayers(model: LayersModel): object[] {
  return model.layers.map(({ name, output_shape, weights }) => ({
    name,
    shape: output_shape,
    params: sizes(weights.map(({ shape }) => ({ shape: [...shape] }))),
  }));
}

function sizes(weights: readonly { readonly shape: readonly (number | null)[] }[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1), 0);
}

function close(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  assert.is(actual.length, expected.length);
  for (const [i, value] of expected.entries()) assert.ok(Math.abs((actual[i] ?? NaN) - value) <= tolerance);
}

function dispose(model: TfjsModel): void {
  model.dispose();
}

test.run();
