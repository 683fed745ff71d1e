// Shapes, names, order and problems of networks of one's own. Shapes and counts are what Keras prints for the same layers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import type { LayerPlan } from '../../../src/compiler/plan/plan.ts';
import { image, known, layer, own, runPlan, simpleHead } from '../../support/run-plan.ts';

const test = suite('layers/build-layers');
const relu = { activation: 'relu' } as const;
const same = { ...relu, padding: 'same' } as const;

test('the CNN of notebook N1: Keras names, shapes and 2,122,186 parameters', () => {
  const cnn = own(layer.conv(32, 3, same), layer.maxPool(2), layer.conv(64, 3, same), layer.maxPool(2));
  const head = [layer.flatten(), layer.dense(512, relu), layer.dense(10, { activation: 'softmax' })];
  const { model, problems } = buildLayers(runPlan(cnn, image(32), head));
  assert.equal(problems, []);
  assert.equal(
    model.layers.map(({ name, output_shape, part }) => `${part} ${name} ${output_shape.join('x')}`),
    [
      'input input_layer 32x32x3',
      'backbone conv2d 32x32x32',
      'backbone max_pooling2d 16x16x32',
      'backbone conv2d_1 16x16x64',
      'backbone max_pooling2d_1 8x8x64',
      'head flatten 4096',
      'head dense 512',
      'head predictions 10',
    ],
  );
  // 896 + 18,496 + 2,097,664 + 5,130
  assert.is(parameters(model.layers), 2_122_186);
});

test('automatic names go on behind the names of the backbone and leave given names free', () => {
  const layers = [
    layer.conv(4, 1),
    layer.conv(4, 1, { name: 'conv2d_1' }),
    layer.conv(4, 1),
    layer.spatialDropout(0.2),
  ];
  const { model } = buildLayers(runPlan(own(...layers), image(4), [layer.gap(), layer.dense(4), layer.dense(2)]));
  const names = model.layers.map(({ name }) => name);
  assert.equal(names.slice(1, 5), ['conv2d', 'conv2d_1', 'conv2d_2', 'spatial_dropout2d']);
  assert.equal(names.slice(5), ['global_average_pooling2d', 'dense', 'predictions']);
});

test('a residual branch is listed in the order of Keras: the shortcut next to the end of the main branch', () => {
  const main = [layer.conv(8, 1, { name: 'a' }), layer.conv(8, 1, { name: 'b' })];
  const shortcut = [layer.conv(8, 1, { name: 'short' })];
  const { model } = buildLayers(runPlan(own(layer.merge('add', shortcut, main)), image(4)));
  const names = model.layers.map(({ name }) => name);
  assert.equal(names.slice(0, 5), ['input_layer', 'a', 'short', 'b', 'add']);
});

test('origins are JSON pointers into the plan', () => {
  const run = runPlan(own(layer.merge('add', [], [layer.conv(3, 1)])), image(4));
  const { model } = buildLayers(run, '/runs/2');
  const origins = Object.fromEntries(model.layers.map(({ name, origin }) => [name, origin]));
  assert.equal(origins, {
    input_layer: '/runs/2/data/image',
    conv2d: '/runs/2/backbone/layers/0/branches/1/0',
    add: '/runs/2/backbone/layers/0',
    global_average_pooling2d: '/runs/2/head/0',
    predictions: '/runs/2/head/1',
  });
  const { model: resnet } = buildLayers(runPlan(known('resnet50'), image(64)));
  assert.is(resnet.layers[5]?.origin, '/runs/0/backbone');
});

test('activations keep their Keras 2 names', () => {
  const layers = [layer.conv(2, 1, { activation: 'silu' }), layer.activation('hard_silu')];
  const { model } = buildLayers(runPlan(own(...layers), image(4)));
  const activations = model.layers.flatMap((l) => ('activation' in l ? [l.activation] : []));
  assert.equal(activations.slice(0, 2), ['swish', 'hard_swish']);
});

interface Bad {
  readonly what: string;
  readonly layers: readonly LayerPlan[];
  readonly size?: number;
  readonly head?: readonly LayerPlan[];
  /** Name, pointer behind /runs/0 and two facts that the message must name. */
  readonly problems: readonly (readonly [string, string, string, string])[];
}

const bad: readonly Bad[] = [
  {
    what: 'dense without flatten',
    layers: [layer.conv(8, 3)],
    head: [layer.dense(5, { activation: 'softmax' })],
    size: 10,
    problems: [['dense-needs-flatten', '/head/0', '8x8x8', '']],
  },
  {
    what: 'convolution after flatten',
    layers: [layer.flatten(), layer.conv(4, 3), layer.conv(4, 3)],
    size: 4,
    problems: [['wrong-rank', '/backbone/layers/1', '48', '']],
  },
  {
    what: 'kernel larger than its input, once for all that follow',
    layers: [layer.maxPool(4), layer.conv(8, 5), layer.conv(8, 3), layer.conv(8, 3)],
    size: 8,
    problems: [['kernel-too-large', '/backbone/layers/1', '5x5', '2x2']],
  },
  {
    what: 'dilation widens the kernel',
    layers: [layer.conv(8, 3, { dilation: [4, 4] })],
    size: 8,
    problems: [['kernel-too-large', '/backbone/layers/0', '9x9', '8x8']],
  },
  {
    what: 'pooling window larger than its input',
    layers: [layer.maxPool(5)],
    size: 4,
    problems: [['kernel-too-large', '/backbone/layers/0', '5x5', '4x4']],
  },
  {
    what: 'groups that do not divide the channels',
    layers: [layer.conv(8, 1, { groups: 2 })],
    problems: [['groups-do-not-divide', '/backbone/layers/0', '2 groups', '3 input channels']],
  },
  {
    what: 'added branches of different shapes',
    layers: [layer.merge('add', [], [layer.conv(8, 3)])],
    size: 8,
    problems: [['branches-differ', '/backbone/layers/0', '8x8x3', '6x6x8']],
  },
  {
    what: 'concatenated branches of different sizes',
    layers: [layer.merge('concatenate', [], [layer.conv(8, 3)])],
    size: 8,
    problems: [['branches-differ', '/backbone/layers/0', '8x8x3', '6x6x8']],
  },
  {
    what: 'multiplied branches that do not broadcast',
    layers: [layer.merge('multiply', [], [layer.gap()])],
    size: 8,
    problems: [['branches-differ', '/backbone/layers/0', '8x8x3', ' 3']],
  },
  {
    what: 'reshape to another number of values',
    layers: [layer.reshape(5, 5, 2)],
    size: 4,
    problems: [['reshape-size', '/backbone/layers/0', '4x4x3', 'holds 50']],
  },
  {
    what: 'a name given twice',
    layers: [layer.conv(4, 1, { name: 'stem' }), layer.conv(4, 1, { name: 'stem' })],
    problems: [['name-twice', '/backbone/layers/1', 'stem', '']],
  },
  {
    what: 'independent problems together',
    layers: [
      layer.conv(8, 1, { groups: 2 }),
      layer.conv(8, 9),
      layer.merge('add', [], [layer.conv(4, 1), layer.batchNorm()]),
    ],
    size: 8,
    head: [layer.gap(), layer.conv(4, 1), layer.dense(5)],
    problems: [
      ['groups-do-not-divide', '/backbone/layers/0', '', ''],
      ['kernel-too-large', '/backbone/layers/1', '', ''],
      ['wrong-rank', '/head/1', '', ''],
    ],
  },
  {
    what: 'pooling after flatten, once for the dense layer that follows',
    layers: [layer.conv(8, 3)],
    head: [layer.flatten(), layer.maxPool(2), layer.dense(5)],
    problems: [['wrong-rank', '/head/1', '', '']],
  },
  {
    what: 'pooling after flatten twice: flatten makes the rank sure again',
    layers: [layer.conv(8, 3)],
    head: [layer.dense(5), layer.conv(4, 1), layer.flatten(), layer.maxPool(2), layer.dense(5)],
    problems: [
      ['dense-needs-flatten', '/head/0', '', ''],
      ['wrong-rank', '/head/1', '', ''],
      ['wrong-rank', '/head/3', '', ''],
    ],
  },
];

for (const { what, layers, size = 8, head = simpleHead(), problems } of bad) {
  test(`problem: ${what}`, () => {
    const found = buildLayers(runPlan(own(...layers), image(size), head)).problems;
    assert.equal(
      found.map(({ name, origin }) => [name, origin]),
      problems.map(([name, origin]) => [name, `/runs/0${origin}`]),
    );
    for (const [index, [, , first, second]] of problems.entries()) {
      const message = found[index]?.message ?? '';
      assert.ok(message.includes(first) && message.includes(second), message);
      assert.ok((found[index]?.help ?? '').length > 10);
    }
  });
}

test('problem: images below the backbone minimum, reported once', () => {
  const { problems } = buildLayers(runPlan(known('resnet50'), image(28)));
  assert.equal(
    problems.map(({ name }) => name),
    ['input-too-small'],
  );
  assert.match(problems[0]?.message ?? '', /resnet50.*32x32.*28x28/);
  assert.match(problems[0]?.help ?? '', /size 32x32/);
});

test('problem: ImageNet weights on one channel', () => {
  const backbone = { kind: 'known', name: 'vgg16', weights: { kind: 'imagenet' } } as const;
  const { problems } = buildLayers(runPlan(backbone, image(32, 1)));
  assert.equal(
    problems.map(({ name }) => name),
    ['input-channels'],
  );
});

function parameters(layers: readonly { readonly weights: readonly { readonly shape: readonly number[] }[] }[]): number {
  const sizes = layers.flatMap(({ weights }) => weights.map(({ shape }) => shape.reduce((a, b) => a * b, 1)));
  return sizes.reduce((a, b) => a + b, 0);
}

test.run();
