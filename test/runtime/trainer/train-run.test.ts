// The trainer against an engine whose arithmetic can be done by hand: loss (x - w)^2, one weight.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EarlyStoppingPlan } from '../../../src/compiler/plan/plan.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { trainRun } from '../../../src/runtime/trainer/train-run.ts';
import { fakeEngine, fakeLoader, fakeRequest, fakeStage } from '../../support/fake-engine.ts';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Of<T>[] =>
  events.filter((event): event is Of<T> => event.type === type);
const weightOf = (weights: ReadonlyMap<string, Float32Array>): number => weights.get('dense/kernel')![0]!;
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

const still = { optimizer: { kind: 'sgd', lr: 0, momentum: 0, nesterov: false, weight_decay: 0 } } as const;
const early: EarlyStoppingPlan = {
  monitor: 'val_loss',
  patience: 2,
  min_delta: 0,
  mode: 'min',
  baseline: null,
  restore_best: true,
  start_from_epoch: 0,
};

const order = suite('events of a run');

order('come in the order of events.ts, and the last but one thing said is the test evaluation', async () => {
  const { request, events } = fakeRequest({
    stages: [fakeStage({ epochs: 2 })],
    train: [1, 2, 3],
    validation: [1],
    test: [2],
  });
  const { result } = await trainRun(request);
  const epoch = ['epoch_started', 'step', 'step', 'evaluating', 'evaluating', 'epoch_finished'];
  assert.equal(
    events.map(({ type }) => type),
    ['preparing', 'run_started', 'stage_started', ...epoch, ...epoch, 'evaluating'],
  );
  assert.equal(
    of(events, 'evaluating').map(({ what }) => what),
    ['train', 'validation', 'train', 'validation', 'test'],
  );
  assert.equal(of(events, 'run_started')[0]?.images, { train: 3, validation: 1, test: 1, probe: 2 });
  assert.equal(of(events, 'run_started')[0]?.parameters, { total: 1, trainable: 1 });
  assert.is(result.status, 'done');
  assert.is(result.epochs, 2);
});

order('each epoch has its own order of images, and evaluation never leaves the given order', async () => {
  const { request, passes } = fakeRequest({
    stages: [fakeStage({ epochs: 2 })],
    train: [1, 2, 3],
    validation: [1, 5],
    test: [2],
  });
  await trainRun(request);
  assert.equal(passes, [
    'train train epoch 1 skip 0: 0 1 2',
    'evaluate train epoch 1 skip 0: 0 1',
    'evaluate train epoch 1 skip 0: 3 4',
    'train train epoch 2 skip 0: 2 1 0',
    'evaluate train epoch 2 skip 0: 0 1',
    'evaluate train epoch 2 skip 0: 3 4',
    'evaluate test epoch 2 skip 0: 0',
  ]);
});

order('the next batch is asked for before the step runs', async () => {
  const said: string[] = [];
  const engine = fakeEngine({ onStep: (step) => said.push(`step ${step}`) });
  const { request } = fakeRequest({ stages: [fakeStage({ epochs: 1, batch: 1 })], train: [1, 2], engine });
  const { batches } = await request.openLoader([]);
  /** Notes the moment at which an item is asked for. */
  const noted = <T>(items: AsyncIterable<T>): AsyncIterable<T> => ({
    [Symbol.asyncIterator]: () => {
      const iterator = items[Symbol.asyncIterator]();
      return {
        next: () => {
          said.push('asked');
          return iterator.next();
        },
      };
    },
  });
  await trainRun({
    ...request,
    openLoader: async () => ({
      ...fakeLoader([], []),
      batches: (pass) => (pass.mode === 'train' ? noted(batches(pass)) : batches(pass)),
      close: async () => {},
    }),
  });
  assert.equal(said, ['asked', 'asked', 'step 1', 'asked', 'step 2']);
});

order.run();

const means = suite('means are weighted by batch size');

means('squares of 1..5 in batches 2, 2, 1: 11, not the mean of batch means 13.33 (Keras)', async () => {
  const { request, events } = fakeRequest({ stages: [fakeStage({ epochs: 1, ...still })], train: [1, 2, 3, 4, 5] });
  await trainRun(request);
  const epoch = of(events, 'epoch_finished')[0]!;
  close(epoch.running.loss, 11);
  assert.equal(
    of(events, 'step').map(({ loss }) => loss),
    [2.5, (2.5 * 2 + 12.5 * 2) / 4, 11],
  );
  assert.equal(
    of(events, 'step').map(({ images }) => images),
    [2, 4, 5],
  );
});

means('evaluation counts the short last batch exactly', async () => {
  const { request } = fakeRequest({ stages: [fakeStage({ epochs: 0 })], train: [1, 2], test: [0.5, 2, 3, 4, 5] });
  const { result } = await trainRun(request);
  close(result.test!.loss, (0.25 + 4 + 9 + 16 + 25) / 5);
  close(result.test!.accuracy, 1 / 5);
});

means.run();

const final = suite('result');

final('epochs 0 only evaluates', async () => {
  const { request, calls } = fakeRequest({ stages: [fakeStage({ epochs: 0 })], train: [0, 2], validation: [1], w: 1 });
  const { result, weights } = await trainRun(request);
  assert.equal(calls, ['evaluate 2', 'evaluate 1', 'close']);
  assert.is(weightOf(weights), 1);
  assert.equal(result.train, { loss: 1, accuracy: 0 });
  assert.equal(result.validation, { loss: 0, accuracy: 1 });
  assert.is(result.gap, -1);
  assert.is(result.test, null);
  assert.is(result.status, 'done');
});

final('the scores of the last epoch are those of the final weights: they are not measured twice', async () => {
  const { request, calls } = fakeRequest({ stages: [fakeStage({ epochs: 1 })], train: [1, 1], validation: [1] });
  const { result } = await trainRun(request);
  assert.is(calls.filter((call) => call.startsWith('evaluate')).length, 2);
  close(result.validation!.loss, (1 - 0.2) ** 2);
});

final('without validation there is no gap', async () => {
  const { request } = fakeRequest({ stages: [fakeStage({ epochs: 1 })], train: [1, 1] });
  const { result } = await trainRun(request);
  assert.is(result.validation, null);
  assert.is(result.gap, null);
});

final.run();

const callbacks = suite('callbacks at work');

callbacks('early stopping ends the stage and the best weights come back', async () => {
  // w: 0 → .2 → .36 … towards 1, while validation wants 0.3: epoch 1 (w .2) and 2 (w .36) improve or not by hand:
  // (.3-.2)^2 = .01, (.3-.36)^2 = .0036, (.3-.488)^2 = .035, (.3-.5904)^2 = .084 → best is epoch 2, stops after 4.
  const { request, events } = fakeRequest({
    stages: [fakeStage({ epochs: 10, early_stopping: early })],
    train: [1, 1],
    validation: [0.3],
    test: [0.36],
  });
  const { result, weights } = await trainRun(request);
  assert.is(result.status, 'early_stopped');
  assert.is(result.epochs, 4);
  close(weightOf(weights), 0.36);
  close(result.validation!.loss, 0.0036);
  close(result.test!.loss, 0);
  assert.equal(
    of(events, 'callback').map(({ name, epoch, message }) => `${epoch} ${name}: ${message}`),
    [
      '4 early_stopping: val_loss has not improved for 2 epochs: training stops. Best 0.0036 at epoch 2.',
      '4 restore_best: Weights of epoch 2 restored: val_loss 0.0036 is the best.',
    ],
  );
});

callbacks('the best weights come back at the normal end too (Keras 3)', async () => {
  const { request } = fakeRequest({
    stages: [fakeStage({ epochs: 3, early_stopping: { ...early, patience: 9 } })],
    train: [1, 1],
    validation: [0.3],
  });
  const { result, weights } = await trainRun(request);
  assert.is(result.status, 'done');
  close(weightOf(weights), 0.36);
});

callbacks('without restore_best the last weights stay', async () => {
  const { request } = fakeRequest({
    stages: [fakeStage({ epochs: 10, early_stopping: { ...early, restore_best: false } })],
    train: [1, 1],
    validation: [0.3],
  });
  const { weights } = await trainRun(request);
  close(weightOf(weights), 0.5904);
});

callbacks('a reduced learning rate reaches the engine in the next epoch', async () => {
  const { request, calls, events } = fakeRequest({
    stages: [
      fakeStage({
        epochs: 4,
        reduce_lr_on_plateau: {
          monitor: 'val_loss',
          factor: 0.5,
          patience: 1,
          min_delta: 1e-4,
          mode: 'min',
          cooldown: 0,
          min_lr: 0,
        },
      }),
    ],
    train: [1, 1],
    validation: [0],
  });
  await trainRun(request);
  // val_loss only rises: best at epoch 1, reduced after epochs 2, 3 and 4
  assert.equal(
    calls.filter((c) => c.startsWith('train')).map((c) => c.split(' ')[3]),
    ['0.1', '0.1', '0.05', '0.025'],
  );
  assert.equal(
    of(events, 'epoch_finished').map((e) => e.learning_rate),
    [0.1, 0.1, 0.05, 0.025],
  );
  assert.is(of(events, 'callback')[0]?.message, 'val_loss has not improved for 1 epoch: learning rate 0.1 → 0.05.');
});

callbacks('a schedule multiplies the rate step by step', async () => {
  const { request, calls } = fakeRequest({
    stages: [
      fakeStage({
        epochs: 2,
        batch: 1,
        learning_rate: { schedule: { kind: 'cosine', final: 0 }, warmup_epochs: 0, backbone_factor: 1 },
      }),
    ],
    train: [1, 1],
  });
  await trainRun(request);
  const rates = calls.filter((c) => c.startsWith('train')).map((c) => Number(c.split(' ')[3]));
  for (const [i, rate] of rates.entries()) close(rate, (0.1 * (1 + Math.cos((Math.PI * i) / 4))) / 2);
});

callbacks('the moving average of weights is written at the end', async () => {
  // w after the steps: .2, .36; average: .2, then .5 * .2 + .5 * .36 = .28
  const { request } = fakeRequest({ stages: [fakeStage({ epochs: 2, ema: 0.5 })], train: [1, 1] });
  const { result, weights } = await trainRun(request);
  close(weightOf(weights), 0.28);
  close(result.train.loss, (1 - 0.28) ** 2);
});

callbacks.run();

const stages = suite('stages');

stages('weights flow on, the optimizer starts afresh, epochs count through', async () => {
  const engine = fakeEngine({ momentum: 0.5 });
  const { request, calls, events } = fakeRequest({
    stages: [fakeStage({ name: 'a', epochs: 1 }), fakeStage({ name: 'b', epochs: 1 })],
    train: [1, 1],
    engine,
  });
  const { weights, result } = await trainRun(request);
  close(weightOf(weights), 0.36); // with a kept velocity of 0.2 it would be 0.46
  assert.equal(
    calls.filter((c) => c.startsWith('train')),
    ['train 2 lr 0.1 iteration 1', 'train 2 lr 0.1 iteration 1'],
  );
  assert.equal(
    of(events, 'epoch_finished').map((e) => `${e.stage} ${e.epoch}`),
    ['a 1', 'b 2'],
  );
  assert.is(result.epochs, 2);
  assert.is(calls.filter((c) => c === 'close').length, 2);
});

stages('keep_optimizer carries slots and the step count', async () => {
  const engine = fakeEngine({ momentum: 0.5 });
  const { request, calls } = fakeRequest({
    stages: [fakeStage({ epochs: 1 }), fakeStage({ epochs: 1, keep_optimizer: true })],
    train: [1, 1],
    engine,
  });
  const { weights } = await trainRun(request);
  close(weightOf(weights), 0.46);
  assert.is(calls.filter((c) => c.startsWith('train'))[1], 'train 2 lr 0.1 iteration 2');
});

stages('a stage that trains nothing is only evaluated, with a warning', async () => {
  const { request, events, calls } = fakeRequest({ stages: [fakeStage()], train: [1, 1] });
  const trained = { trainable: new Set<string>(), moving: new Set<string>() };
  const frozen = request.compiled.stages.map((stage) => ({ ...stage, trained }));
  const { result } = await trainRun({ ...request, compiled: { ...request.compiled, stages: frozen } });
  assert.is(result.epochs, 0);
  assert.equal(calls, ['evaluate 2', 'close']);
  assert.is(of(events, 'warning')[0]?.message, 'Stage "training" trains nothing: every layer is frozen.');
});

stages('a callback that watches validation where there is none: one warning', async () => {
  const { request, events } = fakeRequest({ stages: [fakeStage({ epochs: 1, early_stopping: early })], train: [1, 1] });
  const { result } = await trainRun(request);
  assert.is(result.status, 'done');
  assert.equal(
    of(events, 'warning').map(({ message }) => message),
    ['early_stopping of stage "training" watches val_loss, but there are no validation images: it does nothing.'],
  );
});

stages.run();
