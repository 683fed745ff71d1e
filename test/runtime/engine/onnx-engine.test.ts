// The engine in its worker: the same numbers as in this thread, weights both ways, errors as errors.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileRun } from '../../../src/compiler/index.ts';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import type { RunPlan, StagePlan } from '../../../src/compiler/plan/plan.ts';
import { EngineError } from '../../../src/runtime/engine/engine.ts';
import { toGraph, toKeras } from '../../../src/runtime/engine/onnx/layout.ts';
import { onnxEngine } from '../../../src/runtime/engine/onnx/onnx-engine.ts';
import { initialWeights } from '../../../src/runtime/init-weights.ts';
import { image, layer, own, runPlan } from '../../support/run-plan.ts';
import { openRunner, stepBatch } from '../../support/runner.ts';
import { readyRun } from '../../support/trainable.ts';

const adam = {
  kind: 'adam',
  lr: 0.01,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
} as const;

const plan = runPlan(
  own(
    layer.conv(6, 3, { activation: 'relu', padding: 'same' }),
    layer.batchNorm(),
    layer.depthwise(3),
    layer.maxPool(2),
  ),
  image(8),
  [layer.flatten(), layer.dense(3, { activation: 'softmax', name: 'predictions' })],
);
const run: RunPlan = {
  ...plan,
  data: { ...plan.data, classes: 3 },
  stages: plan.stages.map((stage): StagePlan => ({ ...stage, optimizer: adam })),
};

const openEngine = async () => {
  const layers = buildRunLayers(run, '/runs/0');
  const stage = compileRun(readyRun(run), layers).stages[0]!;
  const weights = initialWeights(layers.model, run.seed);
  return {
    session: await onnxEngine.open({ model: layers.model, stage, weights, device: 'cpu' }),
    stage,
    weights,
  };
};

const engine = suite('the onnx engine');

engine('gives the numbers that the step program gives in this thread', async () => {
  const { session } = await openEngine();
  const { runner } = await openRunner(run);
  for (let step = 1; step <= 3; step += 1) {
    const count = step === 3 ? 2 : 4;
    const ours = await session.train(stepBatch(run, count, step), 0.01, step);
    assert.equal(ours, await runner.train(stepBatch(run, count, step), 0.01, step));
  }
  assert.equal(await session.evaluate(stepBatch(run, 5, 9)), await runner.evaluate(stepBatch(run, 5, 9)));
  const probabilities = await session.predict(stepBatch(run, 5, 9));
  assert.is(probabilities.length, 15);
  for (let i = 0; i < 5; i += 1) {
    const sum = probabilities.slice(i * 3, i * 3 + 3).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-5);
  }
  await runner.close();
  await session.close();
});

engine('weights and slots put back give the same steps again', async () => {
  const { session, weights } = await openEngine();
  assert.equal(new Map(await session.weights()), new Map(weights), 'what went in comes out, in Keras layout');
  await session.train(stepBatch(run, 4, 1), 0.01, 1);
  const [kept, slots] = [await session.weights(), await session.slots()];
  const first = await session.train(stepBatch(run, 4, 2), 0.01, 2);
  const after = await session.weights();
  await session.setWeights(kept);
  await session.setSlots(slots);
  assert.equal(await session.train(stepBatch(run, 4, 2), 0.01, 2), first);
  assert.equal(await session.weights(), after);
  await session.close();
});

engine('a broken program is our own mistake, with the stack of the worker; another graph still runs', async () => {
  const layers = buildRunLayers(run, '/runs/0');
  const stage = compileRun(readyRun(run), layers).stages[0]!;
  const { program } = stage;
  const gradients = { ...program!.gradients!, model: program!.gradients!.model.slice(0, 100) };
  const broken = { ...stage, program: { ...program!, gradients } };
  const weights = initialWeights(layers.model, 1);
  const session = await onnxEngine.open({ model: layers.model, stage: broken, weights, device: 'cpu' });
  const error = await session.train(stepBatch(run, 4, 1), 0.01, 1).catch((thrown: unknown) => thrown);
  assert.instance(error, Error);
  assert.not.instance(error, EngineError);
  assert.match(String(error), "loading the graph 'gradients'");
  assert.match((error as Error).stack ?? '', 'engine-worker.js');
  assert.ok(Number.isFinite((await session.evaluate(stepBatch(run, 4, 1))).loss));
  await session.close();
});

engine('a device that is not there is one line with the cure', async () => {
  const layers = buildRunLayers(run, '/runs/0');
  const stage = compileRun(readyRun(run), layers).stages[0]!;
  const weights = initialWeights(layers.model, 1);
  const request = { model: layers.model, stage, weights, device: 'nonsense' };
  const error = await onnxEngine.open(request).catch((thrown: unknown) => thrown);
  assert.instance(error, EngineError);
  assert.match((error as Error).message, /^the device 'nonsense' cannot be used: .*write --device cpu/);
});

engine('a closed session refuses politely', async () => {
  const { session } = await openEngine();
  await session.close();
  try {
    await session.evaluate(stepBatch(run, 1, 1));
    assert.unreachable('it answered');
  } catch (error) {
    assert.instance(error, EngineError);
  }
});

engine('layouts: a transposed kernel comes back as it was', () => {
  const { program } = compileRun(readyRun(run), buildRunLayers(run, '/runs/0')).stages[0]!;
  const kernel = program!.state.find(({ name }) => name === 'conv2d/kernel')!;
  assert.equal(kernel.shape, [6, 3, 3, 3]);
  const data = Float32Array.from({ length: 162 }, (_, i) => i);
  const inside = toGraph(kernel, data);
  // Keras (h, w, in, out) = (1, 2, 0, 4) lies at ((1 * 3 + 2) * 3 + 0) * 6 + 4; ONNX (out, in, h, w) at ((4 * 3 + 0) * 3 + 1) * 3 + 2
  assert.is(inside[((4 * 3 + 0) * 3 + 1) * 3 + 2], ((1 * 3 + 2) * 3 + 0) * 6 + 4);
  assert.equal(toKeras(kernel, inside), data);
});

engine.run();
