// EfficientNet's Normalization: Keras' official file keeps deviations where the layer says variance, other files variances.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { checkConstants, splitConstants } from '../../../src/runtime/weights/constants.ts';
import type { LayerGroup } from '../../../src/runtime/weights/weight-file.ts';
import { image, known, runPlan } from '../../support/run-plan.ts';

const constants = suite('adapted Normalization');

const backbone = { kind: 'known', name: 'efficientnetb0', weights: { kind: 'imagenet' } } as const;
const { model } = buildRunLayers(runPlan(backbone, image(32)), '/runs/0');

/** keras.applications.efficientnet: IMAGENET_STDDEV_RGB, and the mean of its Normalization layer. */
const deviation = [0.229, 0.224, 0.225];
const mean = [0.485, 0.456, 0.406];

const group = (variables: readonly string[], name = 'normalization'): LayerGroup => {
  const tensors = variables.map((variable, id) => ({
    id,
    variable,
    path: `${name}/${variable}`,
    shape: id < 2 ? [3] : [],
  }));
  return { name, scope: '', class_name: null, path: name, tensors };
};
const normalization = group(['mean', 'variance', 'count']);

const check = (means: readonly number[], variances: readonly number[]): void =>
  checkConstants(model, normalization, [Float32Array.from(means), Float32Array.from(variances), Float32Array.of(1)]);

constants('the layer is set apart, others are not', () => {
  const conv = group(['kernel', 'bias'], 'stem_conv');
  assert.equal(splitConstants(model, [normalization, conv]), { groups: [conv], constants: [normalization] });
});

constants('a model without such a layer keeps it as what does not fit', () => {
  const vgg = buildRunLayers(runPlan(known('vgg16'), image(32)), '/runs/0').model;
  assert.equal(splitConstants(vgg, [normalization]).constants, []);
});

constants('the official file and a file of an adapted model agree', () => {
  check(mean, deviation);
  check(
    mean,
    deviation.map((value) => value ** 2),
  );
});

constants('other pixels are refused', () => {
  assert.throws(
    () => check([0, 0, 0], [1, 1, 1]),
    /was trained on other pixels: its layer normalization has mean 0, 0, 0/,
  );
  assert.throws(() => check([0.5, 0.456, 0.406], deviation), /other pixels/);
  assert.throws(() => check(mean, [0.229, 0.224, 0.3]), /other pixels/);
  assert.throws(() => check(mean, [Number.NaN, 0.224, 0.225]), /other pixels/);
});

constants.run();
