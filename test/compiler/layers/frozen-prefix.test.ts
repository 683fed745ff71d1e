// Where the constant layers are cut off: by the rule and its numbers in ARCHITECTURE.md, worked out by hand here.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { buildStageGraphs } from '../../../src/compiler/index.ts';
import type { FrozenPrefix } from '../../../src/compiler/layers/frozen-prefix.ts';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { dropoutMasks } from '../../../src/compiler/training/dropout-masks.ts';

const cutting = suite('layers: frozen prefix');

interface Network {
  readonly backbone?: string;
  readonly size?: number;
  readonly freeze?: string;
  readonly head?: string;
}

const build = ({ backbone = 'vgg16', size = 32, freeze = 'backbone', head = 'flatten; dense 16 relu' }: Network) => {
  const text = `data { source cifar10; size ${size}x${size}; validation 10% of train }
backbone ${backbone} { weights none }
freeze ${freeze}
head { ${head} }
schedule { batch 16; epochs 1; optimizer sgd }
`;
  const { plan, diagnostics } = checkText(text, 'test.tlp');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const run = plan.runs[0]!;
  return { run, layers: buildRunLayers(run) };
};

const prefixOf = (network: Network): FrozenPrefix | null => build(network).layers.stages[0]!.prefix;

const cutAt = (network: Network): string => {
  const prefix = prefixOf(network);
  if (prefix === null) return 'none';
  const features = prefix.features.map(({ layer, shape }) => `${layer} ${shape.join('x')}`).join(', ');
  return prefix.cacheable ? features : `not cacheable: ${features}`;
};

cutting('shapes alone change behind the last pooling of VGG16 at 32x32: all heads share its 512 values', () => {
  for (const head of [
    'flatten; dense 16 relu',
    'global_average_pooling; dense 16 relu',
    'dropout 0%; flatten; dense 8',
  ])
    assert.is(cutAt({ head }), 'block5_pool 1x1x512');
});

cutting('pooling over a map makes it 49 times smaller: the cut is behind it', () => {
  const head = 'global_average_pooling; dense 16 relu';
  assert.match(cutAt({ backbone: 'resnet50', size: 224, head }), /^global_average_pooling\w* 2048$/);
  assert.is(cutAt({ backbone: 'resnet50', size: 224 }), 'conv5_block3_out 7x7x2048');
});

cutting('dropout that drops is drawn anew: the cut is before it', () => {
  const prefix = prefixOf({ head: 'dropout 50%; flatten; dense 16 relu' });
  assert.equal(prefix?.features, [{ layer: 'block5_pool', shape: [1, 1, 512] }]);
});

cutting('dropout of frozen layers is none: the constant part of EfficientNetB0 reaches its last layer', () => {
  for (const backbone of ['efficientnetb0', 'convnexttiny']) {
    const { layers } = build({ backbone, size: 64 });
    const own = layers.model.layers.filter(({ part }) => part === 'backbone').map(({ name }) => name);
    const { prefix, frozen } = layers.stages[0]!;
    const below = new Set(prefix?.layers.map(({ name }) => name));
    assert.equal(
      own.filter((name) => !below.has(name)),
      [],
      backbone,
    );
    assert.equal(dropoutMasks(layers.model, frozen, 'nchw'), []);
  }
});

cutting('dropout of the head keeps its mask above a frozen backbone, and of layers that train theirs', () => {
  const masksOf = (freeze: string): readonly string[] => {
    const head = 'global_average_pooling; dropout 20%; dense 8';
    const { run, layers } = build({ backbone: 'efficientnetb0', size: 64, freeze, head });
    const { masks, train } = buildStageGraphs(layers, run.stages[0]!, 0, null, { verify: true });
    assert.equal(
      train!.inputs.filter((name) => name.endsWith('/mask')),
      masks.map(({ name }) => name),
    );
    return masks.map(({ name }) => name);
  };
  assert.equal(masksOf('backbone'), ['dropout/mask']);
  assert.equal(masksOf('backbone except from block6d_expand_conv'), ['block6d_drop/mask', 'dropout/mask']);
  assert.is(masksOf('none').length, 10);
});

cutting('block1_conv1 of VGG16 at 224x224: 12.8 MB to read in 12.8 ms, but 3.5 ms to compute', () => {
  assert.is(cutAt({ size: 224, freeze: 'first 1 layers' }), 'not cacheable: block1_conv1 224x224x64');
});

cutting('VGG16 but its last four layers: up to the fourth pooling', () => {
  assert.is(cutAt({ size: 224, freeze: 'backbone except last 4 layers' }), 'block4_pool 14x14x512');
});

cutting('nothing is cut off where everything trains', () => assert.is(cutAt({ freeze: 'none' }), 'none'));

cutting('the graph is cut where the layers say, with the same number of values', () => {
  for (const network of [
    {},
    { head: 'global_average_pooling; dense 8' },
    { freeze: 'backbone except last 4 layers' },
  ]) {
    const { run, layers } = build(network);
    const { prefix, evaluate } = buildStageGraphs(layers, run.stages[0]!, 0, null, { verify: true });
    const features = layers.stages[0]!.prefix?.features ?? [];
    assert.is(prefix?.outputs.length, features.length);
    const { shape } = prefix!.values.get(prefix!.outputs[0]!)!;
    const values = shape.slice(1).reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 0), 1);
    assert.is(values, layers.stages[0]!.prefix?.values);
    assert.ok(evaluate.inputs.includes(prefix!.outputs[0]!));
    assert.not(evaluate.inputs.includes('images'));
  }
});

cutting('two heads on the same backbone have the same prefix, byte for byte', () => {
  const graphs = [{}, { head: 'global_average_pooling; dense 99 relu; dropout 20%' }].map((network) => {
    const { run, layers } = build(network);
    return JSON.stringify(buildStageGraphs(layers, run.stages[0]!, 0).prefix?.nodes);
  });
  assert.is(graphs[0], graphs[1]);
});

cutting.run();
