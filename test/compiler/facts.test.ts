// What follows from a plan: image counts, work of a step, and the frozen prefix, which is where the compiler cuts its graphs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { factsOf } from '../../src/compiler/facts.ts';
import { pipeline } from '../../src/compiler/findings/example.ts';
import { elements } from '../../src/compiler/graph/dims.ts';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';

const test = suite('facts');

const runOf = (text: string) => {
  const { plan, diagnostics } = checkText(text, 'a.tlp');
  assert.ok(plan !== null, diagnostics.map((d) => d.message).join());
  return plan.runs[0]!;
};

const known = (freeze: string, head = 'global_average_pooling\n  dense 8 relu', more = {}) =>
  pipeline({
    source: 'cifar10',
    data: 'size 64x64',
    backbone: 'backbone mobilenetv2 { weights none }',
    freeze,
    head,
    ...more,
  });

test('the frozen prefix is where the training graph is cut: the same number of features', () => {
  const policies = [
    'backbone',
    'backbone except last 4 layers',
    'first 30 layers',
    'backbone except block_1_*',
    'none',
  ];
  for (const policy of policies) {
    for (const head of [
      'global_average_pooling',
      'flatten\n  dropout 20%',
      'global_average_pooling\n  batch_normalization',
    ]) {
      const run = runOf(known(`freeze ${policy}`, head));
      const { cacheable, uncacheable } = factsOf(run).stages[0]!;
      const graphs = buildStageGraphs(buildRunLayers(run, '/runs/0'), run.stages[0]!, 0, null, {
        last: 'split-frontier',
      });
      assert.is(cacheable === null, graphs.prefix === null, `${policy}, ${head}`);
      assert.is(cacheable === null, uncacheable !== null);
      if (cacheable === null || graphs.prefix === null) continue;
      // Names and layouts differ, the number of values of an image does not.
      const { prefix } = graphs;
      const sizes = prefix.outputs.map((name) => elements(prefix.values.get(name)!.shape, 1));
      assert.is(
        cacheable.values,
        sizes.reduce((a, b) => a + b, 0),
        `${policy}, ${head}`,
      );
    }
  }
});

test('nothing is cacheable behind random changes, or where nothing trains', () => {
  const stage = (more: object) => factsOf(runOf(known('freeze backbone', 'global_average_pooling', more))).stages[0]!;
  assert.is(stage({}).uncacheable, null);
  assert.equal(stage({}).cacheable?.features, [{ layer: 'global_average_pooling2d', shape: [1280] }]);
  assert.match(stage({ augment: 'flip horizontal' }).uncacheable ?? '', /at random/);
  assert.is(stage({ augment: 'flip horizontal' }).anew, stage({}).cacheable!.multiply_adds);
  const views = stage({ augment: 'views 3; flip horizontal' });
  assert.equal([views.uncacheable, views.cacheable, views.anew], [null, stage({}).cacheable, 0]);
  const blended = stage({ augment: 'views 3; flip horizontal; mixup 0.2' });
  assert.match(blended.uncacheable ?? '', /blended/);
  assert.is(blended.anew, 0);
  assert.match(
    factsOf(runOf(known('freeze backbone', 'global_average_pooling', { after: 'run "a" { epochs 0 }' }))).stages[0]!
      .uncacheable ?? '',
    /nothing is trained/,
  );
});

test('a step costs the forward pass, and again for each gradient that it needs', () => {
  // 8x8 images: conv 8*8*4*(3*3*1) = 2304, conv 8*8*2*(3*3*4) = 4608, dense 128*10 = 1280 multiply-adds.
  const text = (freeze: string) =>
    pipeline({ backbone: 'backbone cnn {\n  conv 4 3x3 same\n  conv 2 3x3 same\n}', freeze, head: 'flatten' });
  const step = (freeze: string) => factsOf(runOf(text(freeze))).stages[0]!.multiply_adds;
  assert.equal(step('freeze backbone'), { forward: 8192, step: 8192 + 1280 });
  assert.equal(step('freeze none'), { forward: 8192, step: 8192 + 2304 + 2 * 4608 + 2 * 1280 });
  assert.equal(step('freeze first 1 layers'), { forward: 8192, step: 8192 + 4608 + 2 * 1280 });
});

test('images of each purpose, as Keras splits them', () => {
  const images = (data: string, validation: string) => factsOf(runOf(pipeline({ data, validation }))).images;
  assert.equal(images('', 'validation 20% of train'), { train: 1149, validation: 288, test: 360 });
  assert.equal(images('limit 100 (test: 50)', 'validation none'), { train: 100, validation: 0, test: 50 });
  const folder = pipeline({ source: 'folder("images")', validation: 'validation none' });
  assert.equal(factsOf(runOf(folder)).images, { train: null, validation: null, test: null });
});

test.run();
