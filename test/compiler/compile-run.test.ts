// What is compiled for an engine: with ONNX programs or without, batches in the layout that it wants.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildStageGraphs, compileRun } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { image, layer, own, runPlan } from '../support/run-plan.ts';
import { readyRun } from '../support/trainable.ts';

const compiling = suite('what an engine wants');

const base = runPlan(
  own(
    layer.conv(6, 3, { activation: 'relu' }),
    layer.spatialDropout(0.25),
    layer.dropout(0),
    layer.conv(4, 3),
    layer.dropout(0.5),
  ),
  image(10),
  [layer.flatten(), layer.dropout(0.1), layer.dense(3, { activation: 'softmax', name: 'predictions' })],
);
const run: RunPlan = {
  ...base,
  data: { ...base.data, classes: 3 },
  stages: base.stages.map((stage) => ({
    ...stage,
    freeze: { kind: 'first', count: 1, except: null, batch_norm: 'train' },
  })),
};
const layers = buildRunLayers(run, '/runs/0');
const facts = { sourceImage: null, classWeights: [1, 2, 3] };

compiling('without a program: channels last, and all that the stage is known by', () => {
  const { target } = fakeEngine();
  const compiled = compileRun(readyRun(run), layers, facts, { target });
  const [stage] = compiled.stages;
  assert.is(stage?.program, null);
  assert.is(stage?.features, null);
  assert.is(stage?.layout, 'nhwc');
  assert.is(stage?.classes, 3);
  assert.equal(stage?.classWeights, [1, 2, 3]);
  assert.is(compiled.preprocess.train.layout, 'nhwc');
  assert.equal(
    [...stage!.trained.trainable],
    ['conv2d_1/kernel', 'conv2d_1/bias', 'predictions/kernel', 'predictions/bias'],
  );
  assert.equal(
    stage?.masks.map(({ shape, rate }) => [shape, rate]),
    [
      [[1, 1, 6], 0.25],
      [[6, 6, 4], 0.5],
      [[144], 0.1],
    ],
  );
});

compiling('with a program: masks and features are inputs of its train graph, with these shapes', () => {
  const [stage] = compileRun(readyRun(run), layers, facts).stages;
  assert.is(stage?.layout, 'nchw');
  assert.ok(stage?.program?.train);
  const { train } = buildStageGraphs(layers, run.stages[0]!, 0, facts.classWeights);
  const inputs = [...stage!.masks, ...stage!.features!];
  assert.equal(
    inputs.map(({ shape }) => shape),
    [[6, 1, 1], [4, 6, 6], [144], [6, 8, 8]],
  );
  for (const { name, shape } of inputs) {
    assert.ok(train?.inputs.includes(name), name);
    assert.equal(train?.values.get(name)?.shape.slice(1), shape);
  }
  assert.not.ok(train?.inputs.includes('images'));
});

compiling.run();
