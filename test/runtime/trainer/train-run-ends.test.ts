// Runs that end before their time, and runs that go on, with the engine of hand arithmetic: loss (x - w)^2, one weight.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EarlyStoppingPlan } from '../../../src/compiler/plan/plan.ts';
import { DataError } from '../../../src/runtime/data/source.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import type { Loader, Pass } from '../../../src/runtime/loader/loader.ts';
import { trainRun } from '../../../src/runtime/trainer/train-run.ts';
import type { Checkpoint } from '../../../src/runtime/trainer/trainer.ts';
import { fakeEngine, fakeRequest, fakeStage } from '../../support/fake-engine.ts';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Of<T>[] =>
  events.filter((event): event is Of<T> => event.type === type);
const weightOf = (weights: ReadonlyMap<string, Float32Array>): number => weights.get('dense/kernel')![0]!;
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

const early: EarlyStoppingPlan = {
  monitor: 'val_loss',
  patience: 2,
  min_delta: 0,
  mode: 'min',
  baseline: null,
  restore_best: true,
  start_from_epoch: 0,
};

const ends = suite('ends before its time');

ends('an interruption lets the step finish, keeps the weights and measures nothing more', async () => {
  const abort = new AbortController();
  const engine = fakeEngine({ onStep: (step) => step === 3 && abort.abort() });
  const { request, events, calls } = fakeRequest({
    stages: [fakeStage({ epochs: 5, batch: 1 })],
    train: [1, 1],
    validation: [0],
    test: [0],
    engine,
    signal: abort.signal,
  });
  const { result, weights } = await trainRun(request);
  assert.is(result.status, 'interrupted');
  assert.is(result.epochs, 1);
  assert.is(result.test, null);
  close(weightOf(weights), 1 - 0.8 ** 3);
  assert.is(calls.at(-1), 'close');
  assert.is(calls.filter((c) => c.startsWith('train')).length, 3);
  close(result.validation!.loss, 0.36 ** 2);
  const last = of(events, 'callback').at(-1)!;
  assert.is(last.name, 'interrupted');
  assert.is(last.message, 'Interrupted in epoch 2 after step 1 of 2.');
});

ends('an interruption before the first epoch ends: scores are not known', async () => {
  const abort = new AbortController();
  const engine = fakeEngine({ onStep: () => abort.abort() });
  const { request } = fakeRequest({
    stages: [fakeStage({ batch: 1 })],
    train: [1, 1],
    engine,
    signal: abort.signal,
  });
  const { result } = await trainRun(request);
  assert.is(JSON.stringify(result.train), '{"loss":null,"accuracy":null}');
  assert.is(result.epochs, 0);
});

ends('an interruption during evaluation', async () => {
  const abort = new AbortController();
  const { request, events } = fakeRequest({
    stages: [fakeStage()],
    train: [1, 1],
    validation: [1, 1, 1, 1],
    signal: abort.signal,
  });
  const listener = (event: RunEvent) => {
    request.listener(event);
    if (event.type === 'evaluating' && event.what === 'validation') abort.abort();
  };
  const { result } = await trainRun({ ...request, listener });
  assert.is(result.status, 'interrupted');
  assert.is(result.epochs, 0);
  assert.is(of(events, 'evaluating').length, 2);
});

ends('a loss that is not a number: says where and why, keeps the weights of the last epoch', async () => {
  const engine = fakeEngine({ loss: (step) => (step === 4 ? Number.NaN : null) });
  const { request, events } = fakeRequest({
    stages: [fakeStage({ epochs: 5, batch: 1 })],
    train: [1, 1],
    validation: [1],
    test: [1],
    engine,
  });
  const { result, weights } = await trainRun(request);
  assert.is(result.status, 'diverged');
  assert.is(result.epochs, 1);
  close(weightOf(weights), 0.36);
  close(result.test!.loss, 0.64 ** 2);
  const { message, name } = of(events, 'callback').at(-1)!;
  assert.is(name, 'diverged');
  assert.match(message, 'The loss became not a number (NaN) at epoch 2, step 2 of 2 (learning rate 0.1, mean loss');
  assert.match(message, 'The weights from the end of epoch 1 are kept. Try a smaller learning rate such as 0.01');
});

ends('an infinite loss keeps the best weights where early stopping has them', async () => {
  const engine = fakeEngine({ loss: (step) => (step === 4 ? Number.POSITIVE_INFINITY : null) });
  const { request, events } = fakeRequest({
    stages: [fakeStage({ epochs: 9, early_stopping: { ...early, patience: 9 } })],
    train: [1, 1],
    validation: [0.3],
    engine,
  });
  const { result, weights } = await trainRun(request);
  close(weightOf(weights), 0.36);
  close(result.validation!.loss, 0.0036);
  assert.match(of(events, 'callback').at(-1)!.message, 'infinite at epoch 4, step 1 of 1');
  assert.match(of(events, 'callback').at(-1)!.message, 'The best weights, of epoch 2, are kept');
});

/** A loader whose batches of a split end with an error, from the given pass on. */
const breaking = (loader: Loader, isMeant: (pass: Pass) => boolean): Loader => ({
  ...loader,
  batches: async function* (pass: Pass) {
    for await (const batch of loader.batches(pass)) {
      if (isMeant(pass) && pass.indices.length > 1) {
        yield batch;
        throw new DataError('cat/7.png cannot be read');
      }
      yield batch;
    }
  },
});

ends('test images that cannot be read after the last epoch: the model is kept, the reason said', async () => {
  const { request } = fakeRequest({ stages: [fakeStage()], train: [1, 1], validation: [1], test: [1, 1, 1] });
  const whole = await trainRun(request);
  const again = fakeRequest({ stages: [fakeStage()], train: [1, 1], validation: [1], test: [1, 1, 1] });
  const opened = await again.request.openLoader([]);
  const openLoader = async () => breaking(opened, ({ split }) => split === 'test');
  const { result, weights, fault } = await trainRun({ ...again.request, openLoader });
  assert.is(result.status, 'done');
  assert.is(result.test, null);
  assert.equal(result.validation, whole.result.validation);
  assert.is(result.reason, 'cat/7.png cannot be read');
  assert.instance(fault?.error, DataError);
  assert.is(weightOf(weights), weightOf(whole.weights));
});

ends(
  'a train image that cannot be read: the run fails with a checkpoint at the step before, and goes on from it',
  async () => {
    const setup = { stages: [fakeStage({ batch: 1 })], train: [1, 0.5], validation: [1], test: [1] };
    const whole = await trainRun(fakeRequest(setup).request);
    const saved: Checkpoint[] = [];
    const sink = {
      every: 1e9,
      save: async (one: Checkpoint) => void saved.push(structuredClone(one)),
      saveWeights: async () => {},
    };
    const { request } = fakeRequest({ ...setup, more: { checkpoints: sink } });
    const opened = await request.openLoader([]);
    const openLoader = async () => breaking(opened, ({ mode, epoch }) => mode === 'train' && epoch === 2);
    const { result, fault } = await trainRun({ ...request, openLoader });
    assert.is(result.status, 'failed');
    assert.is(result.reason, 'cat/7.png cannot be read');
    assert.is(result.test, null);
    assert.ok(fault);
    assert.equal([saved.at(-1)!.state.finished, saved.at(-1)!.state.step], [1, 1]);
    const resumed = await trainRun(fakeRequest({ ...setup, more: { resume: saved.at(-1)! } }).request);
    assert.is(weightOf(resumed.weights), weightOf(whole.weights));
    assert.equal(resumed.result.test, whole.result.test);
  },
);

ends('a loss that diverges in an epoch that was resumed goes back to the same weights', async () => {
  const setup = { stages: [fakeStage({ epochs: 5, batch: 1 })], train: [1, 0.5, 0.2], validation: [1], test: [1] };
  const wild = (at: number) => fakeEngine({ loss: (step) => (step === at ? Number.NaN : null) });
  const whole = await trainRun(fakeRequest({ ...setup, engine: wild(6) }).request);
  const saved: Checkpoint[] = [];
  const sink = {
    every: 0,
    save: async (one: Checkpoint) => void saved.push(structuredClone(one)),
    saveWeights: async () => {},
  };
  await trainRun(fakeRequest({ ...setup, engine: wild(6), more: { checkpoints: sink } }).request);
  const inside = saved.find(({ state }) => state.finished === 1 && state.step === 2)!;
  const resumed = await trainRun(fakeRequest({ ...setup, engine: wild(1), more: { resume: inside } }).request);
  assert.is(resumed.result.status, 'diverged');
  assert.is(weightOf(resumed.weights), weightOf(whole.weights));
});

ends('an error of the engine passes through and everything is closed', async () => {
  const engine = fakeEngine({
    onStep: () => {
      throw new Error('device lost');
    },
  });
  let closed = 0;
  const { request, calls } = fakeRequest({ stages: [fakeStage()], train: [1, 1], engine });
  const opened = await request.openLoader([]);
  const openLoader = async () => ({
    ...opened,
    close: async () => {
      closed += 1;
    },
  });
  try {
    await trainRun({ ...request, openLoader });
    assert.unreachable('the error must pass through');
  } catch (error) {
    assert.match(String(error), 'device lost');
  }
  assert.equal(calls, ['close']);
  assert.is(closed, 1);
});

ends.run();

const copies = suite('weights that are copied out of the engine');

copies('the final ones; besides them only for what is written', async () => {
  const setup: Parameters<typeof fakeRequest>[0] = {
    stages: [fakeStage({ epochs: 4, ema: 0.5, early_stopping: { ...early, patience: 9 } })],
    train: [1, 1],
    validation: [0.3],
  };
  const quiet = fakeRequest(setup);
  await trainRun(quiet.request);
  assert.equal(quiet.copies, ['weights']);
  const sink = { every: 0, save: async () => {}, saveWeights: async () => {} };
  const writing = fakeRequest({ ...setup, stages: [fakeStage({ epochs: 2 })], more: { checkpoints: sink } });
  await trainRun(writing.request);
  const checkpoint = ['weights', 'slots', 'kept best', 'kept average'];
  // inside of an epoch with what to go back to, before its evaluation; and at its end
  const epoch = [...checkpoint, 'kept epoch', ...checkpoint];
  assert.equal(writing.copies, [...epoch, ...epoch, 'weights']);
});

copies.run();

const resume = suite('a run that was interrupted and resumed');

/** Trains until `stopAt` steps are done, then goes on from the checkpoint. Returns the final weight and result. */
const interruptedAt = async (stopAt: number, setup: Parameters<typeof fakeRequest>[0]) => {
  const abort = new AbortController();
  let saved: Checkpoint | undefined;
  const sink = {
    every: Number.POSITIVE_INFINITY,
    save: async (checkpoint: Checkpoint) => {
      saved = structuredClone(checkpoint);
    },
    saveWeights: async () => {},
  };
  const engine = fakeEngine({ momentum: 0.9, onStep: (step) => step === stopAt && abort.abort() });
  const first = fakeRequest({ ...setup, engine, signal: abort.signal, more: { checkpoints: sink } });
  const before = await trainRun(first.request);
  assert.is(before.result.status, 'interrupted');
  const second = fakeRequest({ ...setup, engine: fakeEngine({ momentum: 0.9 }), more: { resume: saved! } });
  return trainRun(second.request);
};

const setups: Record<string, Parameters<typeof fakeRequest>[0]> = {
  plain: { stages: [fakeStage({ epochs: 3 })], train: [1, 5, 2], validation: [1], test: [2] },
  'early stopping and average': {
    stages: [fakeStage({ epochs: 3, early_stopping: { ...early, patience: 1 } }), fakeStage({ epochs: 1, ema: 0.5 })],
    train: [1, 5, 2],
    validation: [1],
    test: [2],
  },
};

for (const [name, setup] of Object.entries(setups)) {
  resume(
    `ends with the same weights, whichever checkpoint it goes on from, inside of epochs too: ${name}`,
    async () => {
      const whole = fakeRequest({ ...setup, engine: fakeEngine({ momentum: 0.9 }) });
      const { result, weights } = await trainRun(whole.request);
      const saved: Checkpoint[] = [];
      const sink = {
        every: 0,
        save: async (one: Checkpoint) => void saved.push(structuredClone(one)),
        saveWeights: async () => {},
      };
      const writing = fakeRequest({ ...setup, engine: fakeEngine({ momentum: 0.9 }), more: { checkpoints: sink } });
      assert.is(weightOf((await trainRun(writing.request)).weights), weightOf(weights));
      assert.ok(saved.some(({ state }) => state.step > 0) && saved.some(({ state }) => state.step === 0));
      for (const one of saved) {
        const again = fakeRequest({ ...setup, engine: fakeEngine({ momentum: 0.9 }), more: { resume: one } });
        const ended = await trainRun(again.request);
        assert.is(weightOf(ended.weights), weightOf(weights), JSON.stringify(one.state));
        assert.equal({ ...ended.result, seconds: 0 }, { ...result, seconds: 0 });
      }
    },
  );

  resume(`ends with the same weights, wherever it was stopped: ${name}`, async () => {
    const whole = fakeRequest({ ...setup, engine: fakeEngine({ momentum: 0.9 }) });
    const { result, weights } = await trainRun(whole.request);
    const steps = whole.calls.filter((call) => call.startsWith('train')).length;
    assert.ok(steps >= 6);
    for (let stopAt = 1; stopAt <= steps; stopAt += 1) {
      const again = await interruptedAt(stopAt, setup);
      assert.is(weightOf(again.weights), weightOf(weights), `stopped after step ${stopAt}`);
      assert.equal({ ...again.result, seconds: 0 }, { ...result, seconds: 0 });
    }
  });
}

resume(
  'checkpoints are counted by time over all stages: the first soon, then each `every` seconds, and one as a stage ends',
  async () => {
    let now = 0;
    const places: string[] = [];
    const sink = {
      every: 30,
      save: async ({ state }: Checkpoint) =>
        void places.push(`${now / 1000} s: stage ${state.stage}, epoch ${state.epoch}`),
      saveWeights: async () => {},
    };
    // each step takes five seconds, and each stage has two
    const stages = ['a', 'b', 'c', 'd'].map((name) => ({ ...fakeStage({ epochs: 2 }), name }));
    const engine = fakeEngine({ onStep: () => (now += 5000) });
    const { request } = fakeRequest({ stages, train: [1], engine, more: { checkpoints: sink, clock: () => now } });
    await trainRun(request);
    assert.equal(places, [
      '5 s: stage 0, epoch 0',
      '10 s: stage 0, epoch 2',
      '20 s: stage 1, epoch 2',
      '30 s: stage 2, epoch 2',
      '40 s: stage 3, epoch 2',
    ]);
  },
);

resume.run();
