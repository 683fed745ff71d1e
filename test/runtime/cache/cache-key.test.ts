// The key changes with every ingredient, and with nothing else.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheKey, type Ingredients } from '../../../src/runtime/cache/cache-key.ts';

const keys = suite('cache: key');

const image = { height: 8, width: 8, channels: 3 };

const base: Ingredients = {
  prefix: { model: Uint8Array.of(1, 2, 3), weights: ['a/kernel', 'a/bias'] },
  weights: new Map([
    ['a/kernel', Float32Array.of(1, 2)],
    ['a/bias', Float32Array.of(3)],
    ['head/kernel', Float32Array.of(9)],
  ]),
  preprocess: {
    source: image,
    output: image,
    layout: 'nchw',
    interpolation: 'bilinear',
    antialias: false,
    augment: [],
    batch: [],
    order: [0, 1, 2],
    scale: [1, 1, 1],
    offset: [0, 0, 0],
  },
  kernel: 'return 1',
  engine: 'onnx',
  engineVersion: '1.30.0',
  device: 'cpu',
  machine: 'x64 Model 1',
};

const changed: Readonly<Record<string, Partial<Ingredients>>> = {
  'the graph': { prefix: { ...base.prefix, model: Uint8Array.of(1, 2, 4) } },
  'the names of weights': { prefix: { ...base.prefix, weights: ['a/kernel'] } },
  'the order of weights': { prefix: { ...base.prefix, weights: ['a/bias', 'a/kernel'] } },
  'one bit of a weight': { weights: new Map([...base.weights, ['a/bias', Float32Array.of(3.0000002)]]) },
  'a step on the batch': { preprocess: { ...base.preprocess, batch: [{ kind: 'mixup', alpha: 1, probability: 1 }] } },
  'an offset': { preprocess: { ...base.preprocess, offset: [0, 0, 1e-9] } },
  'the size of images': { preprocess: { ...base.preprocess, output: { ...image, height: 9 } } },
  'the order of channels': { preprocess: { ...base.preprocess, order: [2, 1, 0] } },
  'the kernel': { kernel: 'return 2' },
  'the engine': { engine: 'tfjs' },
  'its version': { engineVersion: '1.31.0' },
  'the device': { device: 'webgpu' },
  'the machine': { machine: 'arm64 Model 1' },
};

keys('a key is 32 hexadecimal digits and the same each time', () => {
  assert.match(cacheKey(base), /^[0-9a-f]{32}$/);
  assert.is(cacheKey(base), cacheKey({ ...base }));
});

for (const [name, change] of Object.entries(changed))
  keys(`it changes with ${name}`, () => assert.is.not(cacheKey({ ...base, ...change }), cacheKey(base)));

keys('it does not change with weights of the head', () => {
  const weights = new Map([...base.weights, ['head/kernel', Float32Array.of(10)]]);
  assert.is(cacheKey({ ...base, weights }), cacheKey(base));
});

keys('parts do not run into each other', () => {
  const one = cacheKey({ ...base, engine: 'ab', engineVersion: 'c' });
  assert.is.not(one, cacheKey({ ...base, engine: 'a', engineVersion: 'bc' }));
});

keys('a missing weight is an error', () => {
  assert.throws(() => cacheKey({ ...base, weights: new Map() }), /no value for the weight 'a\/kernel'/);
});

keys.run();
