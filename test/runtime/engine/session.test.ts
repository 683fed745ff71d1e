// A session behind a channel in memory: halves of a step, features instead of images, kept weights, whose fault an error is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledStage } from '../../../src/compiler/compiled-run.ts';
import { compileRun } from '../../../src/compiler/index.ts';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import type { OptimizerPlan, RunPlan, StagePlan } from '../../../src/compiler/plan/plan.ts';
import { type Batch, EngineError, type EngineSession, type Weights } from '../../../src/runtime/engine/engine.ts';
import { openStage } from '../../../src/runtime/engine/onnx/onnx-engine.ts';
import type { Call, Reply } from '../../../src/runtime/engine/onnx/protocol.ts';
import { serve } from '../../../src/runtime/engine/onnx/serve.ts';
import { createStepRunner, type StepRunner } from '../../../src/runtime/engine/onnx/step-runner.ts';
import { OnnxError } from '../../../src/runtime/engine/onnx/tensors.ts';
import { initialWeights } from '../../../src/runtime/init-weights.ts';
import { memoryChannel } from '../../support/memory-channel.ts';
import { image, layer, own, runPlan } from '../../support/run-plan.ts';
import { stepBatch } from '../../support/runner.ts';
import { readyRun } from '../../support/trainable.ts';

const adam: OptimizerPlan = {
  kind: 'adam',
  lr: 0.01,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
};
const sgd: OptimizerPlan = { kind: 'sgd', lr: 0.01, momentum: 0.9, nesterov: true, weight_decay: 0 };

const plan = (changes: Partial<StagePlan>): RunPlan => {
  const base = runPlan(
    own(layer.conv(6, 3, { activation: 'relu', padding: 'same' }), layer.batchNorm(), layer.maxPool(2)),
    image(8),
    [layer.batchNorm(), layer.flatten(), layer.dense(3, { activation: 'softmax', name: 'predictions' })],
  );
  return {
    ...base,
    data: { ...base.data, classes: 3 },
    stages: base.stages.map((stage): StagePlan => ({ ...stage, ...changes })),
  };
};
const free = plan({ optimizer: adam });
const frozen = plan({
  optimizer: adam,
  freeze: { kind: 'backbone', count: null, except: null, batch_norm: 'train' },
});

interface Opened {
  readonly session: EngineSession;
  readonly stage: CompiledStage;
  readonly weights: Weights;
  readonly lose: (why: Error) => void;
}

type Setup = {
  readonly device?: string;
  readonly change?: (stage: CompiledStage) => CompiledStage;
  readonly create?: typeof createStepRunner;
};

const open = async (
  run: RunPlan,
  { device = 'cpu', change = (stage) => stage, create }: Setup = {},
): Promise<Opened> => {
  const { model } = buildRunLayers(run, '/runs/0');
  const stage = change(compileRun(readyRun(run), buildRunLayers(run, '/runs/0')).stages[0]!);
  const weights = initialWeights(model, run.seed);
  const { near, far, lose } = memoryChannel<Reply, Call>();
  serve(far, create);
  return { session: await openStage(near, { model, stage, weights, device }), stage, weights, lose };
};

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );

const halves = suite('the two halves of a step');

for (const [name, optimizer] of Object.entries({ adam, sgd })) {
  halves(`${name}: gradients and apply do what train does, bit for bit`, async () => {
    const run = plan({ optimizer });
    const [one, two] = [await open(run), await open(run)];
    for (let step = 1; step <= 3; step += 1) {
      const whole = await one.session.train(stepBatch(run, 4, step), 0.01, step);
      const before = await two.session.weights();
      const gradients = await two.session.gradients(stepBatch(run, 4, step));
      assert.equal(await two.session.weights(), before, 'gradients change nothing');
      await two.session.apply(gradients, 0.01, step);
      assert.equal({ loss: gradients.loss, correct: gradients.correct }, whole);
    }
    assert.equal(await two.session.weights(), await one.session.weights());
    assert.equal(await two.session.slots(), await one.session.slots());
    for (const { session } of [one, two]) await session.close();
  });
}

halves('gradients are of the trained weights, statistics of those that move', async () => {
  const { session, stage } = await open(free);
  const { weights, statistics } = await session.gradients(stepBatch(free, 4, 1));
  assert.equal(new Set(weights.keys()), stage.trained.trainable);
  assert.equal(new Set(statistics.keys()), stage.trained.moving);
  await session.close();
});

halves.run();

const features = suite('features instead of images');

/** The same batch with what the prefix makes of its images. */
const embedded = async (session: EngineSession, batch: Batch): Promise<Batch> => {
  const { labels, masks, count } = structuredClone(batch);
  return { count, inputs: await session.embed(batch), labels, masks };
};

features('steps, scores and predictions are the same, bit for bit', async () => {
  const [one, two] = [await open(frozen), await open(frozen)];
  assert.equal(
    one.session.features?.map(({ shape }) => shape),
    [[6, 4, 4]],
  );
  for (let step = 1; step <= 3; step += 1) {
    const count = step === 3 ? 2 : 4;
    const whole = await one.session.train(stepBatch(frozen, count, step), 0.01, step);
    const batch = await embedded(two.session, stepBatch(frozen, count, step));
    assert.equal(await two.session.train(batch, 0.01, step), whole);
  }
  const scores = await one.session.evaluate(stepBatch(frozen, 5, 9));
  assert.equal(await two.session.evaluate(await embedded(two.session, stepBatch(frozen, 5, 9))), scores);
  const probabilities = await one.session.predict(stepBatch(frozen, 5, 9));
  assert.equal(await two.session.predict(await embedded(two.session, stepBatch(frozen, 5, 9))), probabilities);
  assert.equal(await two.session.weights(), await one.session.weights());
  for (const { session } of [one, two]) await session.close();
});

features('a graph that is not run is not loaded: with features the prefix, without evaluation its graph', async () => {
  const whole = await open(frozen);
  const batch = await embedded(whole.session, stepBatch(frozen, 4, 1));
  const broken = Uint8Array.of(1, 2, 3);
  const { session } = await open(frozen, {
    change: (stage) => ({
      ...stage,
      program: { ...stage.program!, prefix: { ...stage.program!.prefix!, model: broken }, evaluate: broken },
    }),
  });
  const again = structuredClone(batch);
  assert.equal(await session.train(batch, 0.01, 1), await whole.session.train(again, 0.01, 1));
  assert.match(String(await failureOf(session.evaluate(stepBatch(frozen, 4, 1)))), "the graph 'prefix'");
  for (const each of [session, whole.session]) await each.close();
});

features('a stage without a prefix has none; an input that it does not take is named', async () => {
  const { session } = await open(free);
  assert.is(session.features, null);
  const { labels, masks } = stepBatch(free, 1, 1);
  const wrong = { count: 1, inputs: { pictures: new Float32Array(3) }, labels, masks };
  assert.match(String(await failureOf(session.evaluate(wrong))), "takes no input 'pictures'");
  await session.close();
});

features.run();

const keeping = suite('weights that stay with the engine');

keeping('what is kept comes back, also after more steps, and is the changed weights alone', async () => {
  const { session, stage } = await open(frozen);
  await session.train(stepBatch(frozen, 4, 1), 0.1, 1);
  const [then, slots] = [await session.weights(), await session.slots()];
  await session.keep('best');
  assert.equal(
    new Set((await session.kept('best'))!.keys()),
    new Set([...stage.trained.trainable, ...stage.trained.moving]),
  );
  const first = await session.train(stepBatch(frozen, 4, 2), 0.1, 2);
  assert.not.equal(await session.weights(), then);
  await session.restore('best');
  await session.setSlots(slots);
  assert.equal(await session.weights(), then);
  assert.equal(await session.train(stepBatch(frozen, 4, 2), 0.1, 2), first);
  await session.close();
});

keeping('weights of a checkpoint can be kept; what was released is gone', async () => {
  const { session } = await open(free);
  const start = await session.weights();
  await session.keep('start');
  const kept = (await session.kept('start'))!;
  await session.release('start');
  assert.is(await session.kept('start'), null);
  assert.match(String(await failureOf(session.restore('start'))), "no weights are kept as 'start'");
  await session.train(stepBatch(free, 4, 1), 0.1, 1);
  await session.keep('again', kept);
  await session.restore('again');
  assert.equal(await session.weights(), start);
  await session.close();
});

keeping('the average: the first weights, then m average + (1 - m) weight in double precision, rounded', async () => {
  const { session, stage } = await open(free);
  const seen: Weights[] = [];
  for (let step = 1; step <= 3; step += 1) {
    await session.train(stepBatch(free, 4, step), 0.1, step);
    await session.average('average', 0.75);
    seen.push(await session.weights());
  }
  const average = (await session.kept('average'))!;
  assert.equal(new Set(average.keys()), stage.trained.trainable);
  for (const [name, values] of average) {
    const [a, b, c] = seen.map((weights) => weights.get(name)!);
    const expected = a!.map((value, i) => {
      const second = Math.fround(0.75 * value + 0.25 * b![i]!);
      return 0.75 * second + 0.25 * c![i]!;
    });
    assert.equal(values, expected, name);
  }
  await session.close();
});

keeping('weights that are not named stay; a prefix is made anew where its own have changed', async () => {
  const { session } = await open(frozen);
  const batch = (): Batch => stepBatch(frozen, 4, 1);
  const before = await session.embed(batch());
  const weights = await session.weights();
  await session.setWeights(new Map([['conv2d/bias', new Float32Array(6).fill(1)]]));
  assert.equal((await session.weights()).get('conv2d/kernel'), weights.get('conv2d/kernel'));
  assert.not.equal(await session.embed(batch()), before);
  await session.setWeights(weights);
  assert.equal(await session.embed(batch()), before);
  await session.close();
});

keeping.run();

const faults = suite('whose fault it is');

/** A runner whose train step throws. */
const throwing =
  (error: unknown): typeof createStepRunner =>
  async (request) => {
    const runner: StepRunner = await createStepRunner({ ...request, device: 'cpu' });
    return {
      ...runner,
      train: async () => {
        throw error;
      },
    };
  };

const thrownBy = async (error: unknown, device = 'cpu'): Promise<Error> => {
  const { session } = await open(free, { device, create: throwing(error) });
  const failure = await failureOf(session.train(stepBatch(free, 1, 1), 0.1, 1));
  await session.close();
  return failure;
};

faults('a mistake of ours comes over with its stack and is no EngineError', async () => {
  const mistake = new TypeError("Cannot read properties of undefined (reading 'x')");
  mistake.stack = `${mistake.message}\n    at there (worker.js:1:2)`;
  for (const device of ['cpu', 'webgpu']) {
    const error = await thrownBy(mistake, device);
    assert.not.instance(error, EngineError);
    assert.is(error.stack, mistake.stack);
  }
});

faults('no memory is a line with the cure, on every device', async () => {
  for (const [device, message] of [
    ['cpu', 'Array buffer allocation failed'],
    ['cpu', 'std::bad_alloc'],
    ['webgpu', 'Failed to allocate memory for requested buffer of size 17179869184'],
  ] as const) {
    const error = await thrownBy(new OnnxError(message), device);
    assert.instance(error, EngineError);
    assert.match(error.message, /^not enough memory for this stage: use a smaller batch/);
  }
});

faults('what onnxruntime says on the CPU is our mistake, on another device the device', async () => {
  assert.not.instance(await thrownBy(new OnnxError('no kernel for it')), EngineError);
  const lost = await thrownBy(new OnnxError('device lost'), 'webgpu');
  assert.instance(lost, EngineError);
  assert.match(lost.message, /^the device 'webgpu' cannot be used: device lost \(write --device cpu/);
});

faults('when the other side is gone, what was asked and what is asked fail with its reason', async () => {
  const { session, lose } = await open(free, {
    create: async (request) => ({ ...(await createStepRunner(request)), evaluate: () => new Promise(() => {}) }),
  });
  const asked = failureOf(session.evaluate(stepBatch(free, 1, 1)));
  setImmediate(() => lose(new RangeError('the thread ended')));
  assert.is((await asked).message, 'the thread ended');
  assert.is((await failureOf(session.weights())).message, 'the thread ended');
});

faults('a stage without a program is refused', async () => {
  const failure = await failureOf(open(free, { change: (stage) => ({ ...stage, program: null }) }));
  assert.match(failure.message, 'the stage has none');
});

faults.run();
