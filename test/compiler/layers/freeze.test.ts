// Freeze policies: which layers and weights stay. Counts are those that Keras prints for the notebooks' models.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import { frozenLayers, movingStatistics, trainableWeights } from '../../../src/compiler/layers/freeze.ts';
import type { Weight } from '../../../src/compiler/layers/layers.ts';
import type { FreezePlan } from '../../../src/compiler/plan/plan.ts';
import { freezeNone, image, known, layer, runPlan } from '../../support/run-plan.ts';

const test = suite('layers/freeze');
const head = [layer.gap(), layer.batchNorm(), layer.dense(10, { activation: 'softmax', name: 'predictions' })];
const vgg = buildLayers(runPlan(known('vgg16'), image(32), head)).model;
const resnet = buildLayers(runPlan(known('resnet50'), image(32), head)).model;
const backbone: FreezePlan = { ...freezeNone, kind: 'backbone' };

test('none freezes nothing', () => {
  assert.is(frozenLayers(vgg, freezeNone).frozen.size, 0);
});

test('backbone freezes its 18 layers and leaves the head', () => {
  const { frozen } = frozenLayers(vgg, backbone);
  assert.is(frozen.size, 18);
  assert.equal(names(trainableWeights(vgg, frozen, 'train')), [
    'batch_normalization/gamma',
    'batch_normalization/beta',
    'predictions/kernel',
    'predictions/bias',
  ]);
});

test('VGG16 but for its last 4 layers: Keras trains 7,079,424 parameters of block5', () => {
  const { frozen } = frozenLayers(vgg, { ...backbone, except: { kind: 'last', count: 4 } });
  const weights = trainableWeights(vgg, frozen, 'train').filter(({ name }) => name.startsWith('block'));
  assert.equal(
    [...new Set(weights.map(({ name }) => name.split('/')[0]))],
    ['block5_conv1', 'block5_conv2', 'block5_conv3'],
  );
  assert.is(size(weights), 7_079_424);
});

test('first counts from the front', () => {
  const { frozen } = frozenLayers(vgg, { ...freezeNone, kind: 'first', count: 3 });
  assert.equal([...frozen], ['block1_conv1', 'block1_conv2', 'block1_pool']);
});

test('a pattern and a layer to start from give the same', () => {
  const pattern = frozenLayers(vgg, { ...backbone, except: { kind: 'pattern', pattern: 'block5_*' } });
  const from = frozenLayers(vgg, { ...backbone, except: { kind: 'from', layer: 'block5_conv1' } });
  assert.equal([...pattern.frozen], [...from.frozen]);
  assert.is(pattern.frozen.size, 14);
});

test('a pattern is a glob, not a regular expression', () => {
  const dot = frozenLayers(vgg, { ...backbone, except: { kind: 'pattern', pattern: 'block5.*' } });
  assert.is(dot.problems.length, 1);
  const one = frozenLayers(vgg, { ...backbone, except: { kind: 'pattern', pattern: 'block?_conv3' } });
  assert.is(18 - one.frozen.size, 3);
});

test('freeze all: every layer but the input, the head included; nothing trains and no statistic moves', () => {
  const { frozen, problems } = frozenLayers(resnet, { ...freezeNone, kind: 'all' });
  assert.equal(problems, []);
  assert.equal(
    resnet.layers.filter(({ name }) => !frozen.has(name)).map(({ part }) => part),
    ['input'],
  );
  assert.equal(trainableWeights(resnet, frozen, 'train'), []);
  assert.equal(movingStatistics(resnet, frozen, 'train'), []);
});

test('what matches nothing names the nearest layers', () => {
  for (const except of [
    { kind: 'pattern', pattern: 'blok5_conv3*' },
    { kind: 'from', layer: 'block5_cov3' },
  ] as const) {
    const { frozen, problems } = frozenLayers(vgg, { ...backbone, except }, '/runs/0/stages/1/freeze');
    assert.is(frozen.size, 18);
    assert.is(problems[0]?.name, 'freeze-matches-nothing');
    assert.is(problems[0]?.origin, '/runs/0/stages/1/freeze');
    assert.match(problems[0]?.help ?? '', /nearest layer names are `block5_conv3`/);
  }
});

test('the nearest layers of a pattern are those that begin nearly so', () => {
  const except = { kind: 'pattern', pattern: 'cnov4_block6_*' } as const;
  const { problems } = frozenLayers(resnet, { ...backbone, except });
  assert.match(problems[0]?.help ?? '', /are `conv4_block6_\w+`, `conv4_block6_\w+`, `conv4_block6_\w+`$/);
});

test('a count beyond the backbone is a problem', () => {
  const last = frozenLayers(vgg, { ...backbone, except: { kind: 'last', count: 19 } });
  const first = frozenLayers(vgg, { ...freezeNone, kind: 'first', count: 19 });
  assert.match(last.problems[0]?.message ?? '', /19 layers.*18/);
  assert.match(first.problems[0]?.message ?? '', /19 layers.*18/);
});

// ResNet50 without top: 53,120 numbers of statistics, 53,120 of gamma and beta (Keras: non-trainable parameters).
test('batch norm policies: what learns and what moves', () => {
  const none: ReadonlySet<string> = new Set();
  const own = 2 * 2048; // the head's own batch norm
  assert.is(size(movingStatistics(resnet, none, 'train')), 53_120 + own);
  assert.is(size(movingStatistics(resnet, none, 'adapt')), 53_120 + own);
  assert.is(size(movingStatistics(resnet, none, 'inference')), own);
  const all = size(trainableWeights(resnet, none, 'train'));
  assert.is(size(trainableWeights(resnet, none, 'inference')), all);
  assert.is(all - size(trainableWeights(resnet, none, 'adapt')), 53_120);
});

test('frozen batch norm neither learns nor moves', () => {
  const { frozen } = frozenLayers(resnet, backbone);
  assert.equal(names(movingStatistics(resnet, frozen, 'train')), [
    'batch_normalization/moving_mean',
    'batch_normalization/moving_variance',
  ]);
});

function names(weights: readonly Weight[]): readonly string[] {
  return weights.map(({ name }) => name);
}

function size(weights: readonly Weight[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

test.run();
