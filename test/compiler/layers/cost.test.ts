// Multiply-adds against the figures of the papers, memory against sums done by hand.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import { flopsOf, parameterCounts, stepMemory } from '../../../src/compiler/layers/cost.ts';
import { frozenLayers } from '../../../src/compiler/layers/freeze.ts';
import type { BackboneName, LayerPlan } from '../../../src/compiler/plan/plan.ts';
import { freezeNone, image, known, layer, own, runPlan } from '../../support/run-plan.ts';

const test = suite('layers/cost');
const none: ReadonlySet<string> = new Set();

// Million multiply-adds: VGG16 and ResNet50 from He et al. (table 1 and §4.1: 15.3 and 3.8 billion), MobileNets,
// EfficientNet and DenseNet from their papers (569; 300; 0.39 billion; 2.8 billion as counted by its authors' code).
const papers: readonly (readonly [BackboneName, number, number])[] = [
  ['vgg16', 15_300, 100],
  ['resnet50', 3_850, 50],
  ['mobilenet', 569, 1],
  ['mobilenetv2', 300, 1],
  ['efficientnetb0', 390, 10],
  ['densenet121', 2_850, 50],
];

for (const [name, millions, tolerance] of papers) {
  test(`${name}: the multiply-adds of its paper`, () => {
    const { model } = buildLayers(runPlan(known(name), image(224), [layer.gap(), layer.dense(1000)]));
    assert.ok(Math.abs(flopsOf(model) / 1e6 - millions) <= tolerance, `${flopsOf(model) / 1e6} million`);
  });
}

test('grouped and separable convolutions by hand', () => {
  const flops = (plan: LayerPlan) => flopsOf(buildLayers(runPlan(own(plan), image(8, 4), [layer.gap()])).model);
  // 6 * 6 pixels * 9 taps * 2 channels a group * 8 filters
  assert.is(flops(layer.conv(8, 3, { groups: 2 })), 6 * 6 * 9 * 2 * 8);
  // 6 * 6 pixels * (9 taps * 4 channels + 4 channels * 8 filters)
  assert.is(flops(layer.separable(8, 3)), 6 * 6 * (9 * 4 + 4 * 8));
  // twice as many channels between the two
  assert.is(flops(layer.separable(8, 3, { multiplier: 2 })), 6 * 6 * (9 * 8 + 8 * 8));
});

test('parameters as Keras counts them: ResNet50 with a trained and a frozen backbone', () => {
  const { model } = buildLayers(runPlan(known('resnet50'), image(64), [layer.gap(), layer.dense(5)]));
  assert.equal(parameterCounts(model, none), {
    total: 23_587_712 + 10_245,
    trainable: 23_534_592 + 10_245,
    non_trainable: 53_120,
  });
  const { frozen } = frozenLayers(model, { ...freezeNone, kind: 'backbone' });
  assert.is(parameterCounts(model, frozen).trainable, 10_245);
});

test('memory of a step, summed by hand', () => {
  const plan = runPlan(own(layer.conv(2, 3, { activation: 'relu' }), layer.batchNorm()), image(6, 1), [
    layer.flatten(),
    layer.dropout(0.5),
    layer.dense(3, { activation: 'softmax' }),
  ]);
  const { model } = buildLayers(plan);
  const parameters = 20 + 8 + (32 * 3 + 3);
  const trainable = parameters - 4;
  // Kept: image 36, convolution 32 (activation; input of batch norm), dropout mask 32, input of dense 32, softmax 3.
  const kept = 36 + 32 + 32 + 32 + 3;
  assert.equal(stepMemory(model, none, 10, 2), {
    weights: 4 * parameters,
    gradients: 4 * trainable,
    slots: 4 * 2 * trainable,
    activations: 4 * 10 * kept,
    workspace: 4 * 10 * (36 + 32),
    total: 4 * parameters + 4 * 3 * trainable + 40 * kept + 40 * 68,
  });
});

test('a frozen backbone keeps nothing for the backward pass', () => {
  const { model } = buildLayers(runPlan(known('vgg16'), image(32), [layer.flatten(), layer.dense(10)]));
  const { frozen } = frozenLayers(model, { ...freezeNone, kind: 'backbone' });
  // The image and the input of the dense layer.
  assert.is(stepMemory(model, frozen, 1, 2).activations, 4 * (32 * 32 * 3 + 512));
  assert.is(stepMemory(model, frozen, 1, 2).gradients, 4 * 5130);
});

test.run();
