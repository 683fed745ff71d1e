// Fresh weights: Keras' bounds and moments, one stream a weight, the same for the same seed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../src/compiler/layers/build-layers.ts';
import type { Weight } from '../../src/compiler/layers/layers.ts';
import type { InitializerPlan } from '../../src/compiler/plan/plan.ts';
import { fans, initialWeight, initialWeights } from '../../src/runtime/init-weights.ts';
import { image, layer, own, runPlan } from '../support/run-plan.ts';

const test = suite('init-weights');
const shape = [3, 3, 64, 128];
const [fanIn, fanOut] = [576, 1152]; // 9 * 64, 9 * 128

test('fans as Keras computes them', () => {
  assert.equal(fans(shape), { fanIn, fanOut });
  assert.equal(fans([4096, 512]), { fanIn: 4096, fanOut: 512 });
  assert.equal(fans([7]), { fanIn: 7, fanOut: 7 });
  assert.equal(fans([3, 3, 32, 2]), { fanIn: 288, fanOut: 18 }); // depthwise
});

// Limit of the values and their variance, from the formulas of keras.initializers.
const cases: readonly (readonly [InitializerPlan, number, number])[] = [
  [{ kind: 'glorot_uniform' }, Math.sqrt(6 / (fanIn + fanOut)), 2 / (fanIn + fanOut)],
  [{ kind: 'he_uniform' }, Math.sqrt(6 / fanIn), 2 / fanIn],
  [{ kind: 'lecun_uniform' }, Math.sqrt(3 / fanIn), 1 / fanIn],
  [{ kind: 'glorot_normal' }, cut(2 / (fanIn + fanOut)), 2 / (fanIn + fanOut)],
  [{ kind: 'he_normal' }, cut(2 / fanIn), 2 / fanIn],
  [{ kind: 'lecun_normal' }, cut(1 / fanIn), 1 / fanIn],
  [{ kind: 'truncated_normal', stddev: 0.05 }, 0.1, (0.05 * 0.8796256610342398) ** 2],
  [{ kind: 'random_normal', stddev: 0.05 }, 0.4, 0.0025],
  [{ kind: 'random_uniform', limit: 0.05 }, 0.05, 0.0025 / 3],
];

for (const [initializer, limit, variance] of cases) {
  test(`${initializer.kind}: within its bounds, mean 0, its variance`, () => {
    const values = initialWeight(weight('w', initializer), 3);
    const largest = values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const found = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    assert.ok(largest <= limit * (1 + 1e-6), `${largest} is beyond ${limit}`);
    assert.ok(Math.abs(mean) < 4 * Math.sqrt(variance / values.length), `mean ${mean}`);
    assert.ok(Math.abs(found / variance - 1) < 0.02, `variance ${found}, expected ${variance}`);
  });
}

test('constants', () => {
  for (const [initializer, value] of [
    [{ kind: 'zeros' }, 0],
    [{ kind: 'ones' }, 1],
    [{ kind: 'constant', value: 0.5 }, 0.5],
  ] as const) {
    assert.ok(initialWeight(weight('w', initializer), 3).every((x) => x === value));
  }
});

test('the same seed gives the same bytes, another seed others', () => {
  const model = network();
  assert.equal(initialWeights(model, 5), initialWeights(model, 5));
  assert.not.equal(initialWeights(model, 5).get('first/kernel'), initialWeights(model, 6).get('first/kernel'));
});

test('weights of one shape differ, and a layer more does not change the others', () => {
  const alone = initialWeights(network(), 5);
  const more = initialWeights(network(layer.conv(4, 3, { padding: 'same', name: 'between' })), 5);
  assert.ok(more.has('between/kernel'));
  assert.equal(more.get('second/kernel'), alone.get('second/kernel'));
  assert.not.equal(more.get('between/kernel'), more.get('second/kernel'));
});

test('every weight is there with its size; batch norm starts as the identity', () => {
  const model = network(layer.batchNorm());
  const weights = initialWeights(model, 5);
  for (const { name, shape } of model.layers.flatMap((l) => l.weights)) {
    assert.is(
      weights.get(name)?.length,
      shape.reduce((a, b) => a * b, 1),
    );
  }
  assert.equal([...(weights.get('batch_normalization/gamma') ?? [])], [1, 1, 1, 1]);
  assert.equal([...(weights.get('batch_normalization/moving_variance') ?? [])], [1, 1, 1, 1]);
  assert.equal([...(weights.get('batch_normalization/moving_mean') ?? [])], [0, 0, 0, 0]);
});

function network(...between: Parameters<typeof own>) {
  const first = layer.conv(4, 3, { padding: 'same', name: 'first' });
  const second = layer.conv(4, 3, { padding: 'same', name: 'second' });
  return buildLayers(runPlan(own(first, ...between, second), image(8, 4))).model;
}

function weight(name: string, initializer: InitializerPlan): Weight {
  return { name, shape, kind: 'trainable', initializer, regularizer: null };
}

/** Two standard deviations of the normal before it is cut. */
function cut(variance: number): number {
  return (2 * Math.sqrt(variance)) / 0.8796256610342398;
}

test.run();
