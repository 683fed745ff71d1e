// Weight files that Keras 3 wrote (keras-weights/fixtures.py): which tensor is which weight, and the network's numbers with them.
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { type LoadedWeights, loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { layer } from '../../support/run-plan.ts';
import { expected, featuresOf, fixture, fixtureRun } from '../../support/weights-fixture.ts';

const files = suite('weight files of Keras');
const run = fixtureRun();
const { model } = buildRunLayers(run, '/runs/0');
const images = Float32Array.from(expected.images);

type Loaded = Extract<LoadedWeights, { kind: 'loaded' }>;

const loaded = (result: LoadedWeights): Loaded => {
  if (result.kind !== 'loaded') throw new Error([result.message, ...result.details].join('\n'));
  return result;
};

const trunkOf = async (name: string): Promise<Loaded> =>
  loaded(await loadWeights(model, fixture(name), { part: 'backbone', skipMismatch: false }));

/** Largest difference to what Keras computed. */
const difference = async (weights: Loaded['weights']): Promise<number> => {
  const features = await featuresOf(run, weights, images);
  assert.is(features.length, expected.features.length);
  return Math.max(...features.map((value, i) => Math.abs(value - expected.features[i]!)));
};

/** File, what it is recognised as, how it is matched, what is left over, and what rounding its type costs. */
const cases = [
  ['trunk.h5', 'keras-h5', 'order', [], 1e-6],
  ['trunk-2016.h5', 'keras-h5', 'order', [], 1e-6],
  ['whole.h5', 'keras-h5', 'order', ['predictions'], 1e-6],
  ['nested-frozen.h5', 'keras-h5', 'name', ['dense'], 1e-6],
  ['trunk.weights.h5', 'keras-weights', 'name', [], 1e-6],
  ['nested.weights.h5', 'keras-weights', 'name', ['dense'], 1e-6],
  ['whole.keras', 'keras', 'name', ['predictions'], 1e-6],
  ['nested.keras', 'keras', 'name', ['dense'], 1e-6],
  ['trunk-f32.safetensors', 'safetensors', 'name', [], 1e-6],
  ['trunk-f64.safetensors', 'safetensors', 'name', [], 1e-6],
  ['trunk-f16.safetensors', 'safetensors', 'name', [], 1e-3],
  ['trunk-bf16.safetensors', 'safetensors', 'name', [], 1e-2],
] as const;

for (const [name, kind, by, unused, bound] of cases) {
  files(`${name}: the trunk computes what Keras does`, async () => {
    const result = await trunkOf(name);
    assert.equal([result.file, result.by, result.unused, result.skipped], [kind, by, unused, []]);
    const off = await difference(result.weights);
    assert.ok(off < bound, `${off}`);
    assert.ok(bound < 1e-5 || off > bound / 100, 'rounding to half the bits must show');
  });
}

files('nothing of a file that was read waits for the signal any more', async () => {
  const { signal } = new AbortController();
  loaded(await loadWeights(model, fixture('trunk.h5'), { part: 'backbone', skipMismatch: false }, signal));
  assert.is(getEventListeners(signal, 'abort').length, 0);
});

files('sums of all tensors are those of Keras', async () => {
  const options = { part: 'all', skipMismatch: false } as const;
  const { weights } = loaded(await loadWeights(model, fixture('whole.h5'), options));
  const ours = [...weights].map(([name, values]) => {
    const keras3 = name.startsWith('depthwise') ? name.replace('depthwise_kernel', 'kernel') : name;
    return [keras3, values.reduce((sum, value) => sum + value, 0)] as const;
  });
  assert.equal(ours.map(([name]) => name).sort(), Object.keys(expected.sums).sort());
  for (const [name, sum] of ours) assert.ok(Math.abs(sum - expected.sums[name]!) < 1e-5, name);
});

for (const name of ['whole.h5', 'nested.weights.h5', 'whole.keras', 'nested.keras']) {
  files(`${name}: the head, too, where all is asked for`, async () => {
    const result = loaded(await loadWeights(model, fixture(name), { part: 'all', skipMismatch: false }));
    assert.is(result.weights.size, Object.keys(expected.sums).length);
    assert.equal(result.unused, []);
    const sum = result.weights.get('predictions/kernel')!.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - expected.sums['predictions/kernel']!) < 1e-5);
  });
}

files('a trunk alone is not a whole network', async () => {
  const result = await loadWeights(model, fixture('trunk.h5'), { part: 'all', skipMismatch: false });
  assert.is(result.kind, 'refused');
  if (result.kind !== 'refused') return;
  assert.match(result.message, /2 tensors do not fit cnn \(it has 5 layers with weights where cnn has 6\)/);
  assert.equal(result.details, [
    'predictions/kernel: 5x3 expected, nothing found',
    'predictions/bias: 3 expected, nothing found',
  ]);
});

files.run();

const others = suite('weight files of another network');

/** The network with twice the filters in its last convolution. */
const wider = buildRunLayers(
  fixtureRun((layers) => layers.map((each) => (each.kind === 'separable_conv' ? { ...each, filters: 10 } : each))),
  '/runs/0',
).model;

/** One more convolution in front of it, and other names. */
const longer = buildRunLayers(
  fixtureRun((layers) => [layer.conv(3, 1), ...layers]),
  '/runs/0',
).model;

for (const name of ['trunk.h5', 'nested-frozen.h5', 'trunk.weights.h5', 'whole.keras', 'trunk-f32.safetensors']) {
  others(`${name}: what does not fit is told tensor by tensor`, async () => {
    const result = await loadWeights(wider, fixture(name), { part: 'backbone', skipMismatch: false });
    assert.is(result.kind, 'refused');
    if (result.kind !== 'refused') return;
    assert.not.match(result.message, /\n/);
    assert.match(result.message, /2 tensors do not fit cnn/);
    assert.equal(result.details, [
      'separable_conv2d/pointwise_kernel: 1x1x4x10 expected, 1x1x4x5 found',
      'separable_conv2d/bias: 10 expected, 5 found',
    ]);
  });

  others(`${name}: skip_mismatch keeps what fits and says what does not`, async () => {
    const result = loaded(await loadWeights(wider, fixture(name), { part: 'backbone', skipMismatch: true }));
    assert.equal(
      result.skipped.map(({ weight }) => weight),
      ['separable_conv2d/pointwise_kernel', 'separable_conv2d/bias'],
    );
    assert.is(result.weights.has('separable_conv2d/bias'), false);
    const sum = result.weights.get('stem/kernel')!.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - expected.sums['stem/kernel']!) < 1e-5 || name.includes('16'));
  });
}

others('ten tensors are named, the rest counted', async () => {
  const far = buildRunLayers(
    fixtureRun((layers) => layers.map((each) => (each.kind === 'conv' ? { ...each, filters: 6 } : each))),
    '/runs/0',
  ).model;
  const result = await loadWeights(far, fixture('trunk.h5'), { part: 'backbone', skipMismatch: false });
  assert.is(result.kind, 'refused');
  if (result.kind !== 'refused') return;
  assert.match(result.message, /12 tensors do not fit/);
  assert.is(result.details.length, 11);
  assert.is(result.details.at(-1), 'and 2 more');
});

others('a layer more: by order nothing fits, by name the others do', async () => {
  const refused = await loadWeights(longer, fixture('trunk.h5'), { part: 'backbone', skipMismatch: false });
  assert.is(refused.kind, 'refused');
  const result = loaded(await loadWeights(longer, fixture('trunk.h5'), { part: 'backbone', skipMismatch: true }));
  assert.is(result.by, 'name');
  assert.equal(
    result.skipped.map(({ weight, found }) => [weight, found]),
    [
      ['conv2d/kernel', null],
      ['conv2d/bias', null],
    ],
  );
});

others.run();
