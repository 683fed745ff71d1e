// A backbone without weights: which batch norms change, counted by hand from Keras' architectures.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import type { Layer } from '../../../src/compiler/layers/layers.ts';
import { topologyOf } from '../../../src/compiler/layers/topology.ts';
import type { BackboneName, WeightsPlan } from '../../../src/compiler/plan/plan.ts';
import { image, layer, runPlan } from '../../support/run-plan.ts';

const test = suite('layers/start-fresh');

const build = (name: BackboneName, batch_norm_momentum: number | null, zero_residual: boolean) => {
  const weights: WeightsPlan = { kind: 'none', batch_norm_momentum, zero_residual };
  const head = [layer.gap(), layer.batchNorm(), layer.dense(5)];
  return buildLayers(runPlan({ kind: 'known', name, weights }, image(96), head)).model;
};

const batchNorms = (layers: readonly Layer[]) => layers.filter((l) => l.class_name === 'BatchNormalization');

const zeroGammas = (layers: readonly Layer[]): readonly string[] =>
  batchNorms(layers).flatMap(({ name, weights }) =>
    weights.some((w) => w.name.endsWith('/gamma') && w.initializer.kind === 'zeros') ? [name] : [],
  );

test('ResNet50: the last batch norm of each of its 16 blocks, never that of a shortcut', () => {
  const blocks = [3, 4, 6, 3].flatMap((count, i) =>
    Array.from({ length: count }, (_, k) => `conv${i + 2}_block${k + 1}_3_bn`),
  );
  assert.equal(zeroGammas(build('resnet50', null, true).layers), blocks);
});

test('MobileNetV2: the projections of the 10 blocks that have a shortcut; EfficientNetB0: 9, behind a dropout', () => {
  const residual = [2, 4, 5, 7, 8, 9, 11, 12, 14, 15].map((block) => `block_${block}_project_BN`);
  assert.equal(zeroGammas(build('mobilenetv2', null, true).layers), residual);
  const blocks = ['2b', '3b', '4b', '4c', '5b', '5c', '6b', '6c', '6d'];
  const names = blocks.map((block) => `block${block}_project_bn`);
  assert.equal(zeroGammas(build('efficientnetb0', null, true).layers), names);
});

test('Xception: the 8 blocks of the middle, not the shortcuts of the others, which end in a batch norm too', () => {
  const names = Array.from({ length: 8 }, (_, i) => `block${i + 5}_sepconv3_bn`);
  assert.equal(zeroGammas(build('xception', null, true).layers), names);
});

test('networks without batch norm at the end of a branch stay as they are', () => {
  for (const name of ['resnet50v2', 'densenet121', 'inceptionv3', 'vgg16'] as const)
    assert.equal(zeroGammas(build(name, null, true).layers), [], name);
});

test('the momentum is that of the backbone alone, and Keras can read both from the model', () => {
  const model = build('resnet50', 0.9, true);
  const momenta = new Set(batchNorms(model.layers).map((l) => `${l.part} ${'momentum' in l && l.momentum}`));
  assert.equal([...momenta], ['backbone 0.9', 'head 0.99']);
  const config = topologyOf(model).config.layers.find(({ name }) => name === 'conv2_block1_3_bn')?.config;
  assert.is(config?.momentum, 0.9);
  assert.equal(config?.gamma_initializer, { class_name: 'Zeros', config: {} });
});

test('with neither, the network is as Keras builds it', () => {
  const model = build('mobilenetv2', null, false);
  assert.equal(zeroGammas(model.layers), []);
  assert.ok(batchNorms(model.layers).every((l) => l.part === 'head' || ('momentum' in l && l.momentum === 0.999)));
});

test.run();
