// A made-up training as timed events, the same on every call: the script that report and terminal tests play.
import type { RunEvent, RunResult, Score } from '../../src/runtime/events.ts';

export interface FakeOptions {
  readonly runs?: readonly string[];
  readonly epochs?: number;
  /** Epochs after which the run ends by itself or is ended. */
  readonly ends?: { readonly after: number; readonly status: 'early_stopped' | 'interrupted' | 'diverged' };
  readonly validation?: boolean;
  readonly steps?: number;
  /** How far train runs ahead of validation in the end, in shares. */
  readonly gap?: number;
  readonly warning?: string;
  readonly callbacks?: boolean;
}

export interface Timed {
  /** Seconds since the script began. */
  readonly at: number;
  readonly event: RunEvent;
}

/** Seconds of a training step, an evaluation step and the preparation. */
export const FAKE_SECONDS = { step: 0.5, evaluation: 0.3, preparing: 2 } as const;

const BATCH = 32;
const EVALUATIONS = 5;

/** Exponential rise to 0.98 and what overfitting takes from validation; the loss falls alongside. */
const scores = (epoch: number, gap: number): { train: Score; validation: Score } => {
  const learned = 1 - Math.exp(-epoch / 2.5);
  const train = 0.1 + 0.88 * learned;
  const validation = train - gap * learned;
  const wave = 0.01 * Math.sin(epoch * 2.1);
  return {
    train: { loss: 2.3 * (1 - learned) + 0.05, accuracy: train },
    validation: { loss: 2.3 * (1 - learned) + 0.08 + gap * 2 * learned ** 2 + wave, accuracy: validation + wave },
  };
};

/** Every event of the script in order, with the second it happens. */
export const fakeRun = (options: FakeOptions = {}): readonly Timed[] => {
  const { runs = ['main'], epochs = 6, validation = true, steps = 10, gap = 0.04, callbacks = true, ends } = options;
  const timed: Timed[] = [];
  let at = 0;
  const say = (event: RunEvent): void => void timed.push({ at, event });
  const results: RunResult[] = [];
  say({ type: 'started', pipeline: 'quickstart', runs, bases: runs });
  if (options.warning) say({ type: 'warning', message: options.warning });
  for (const run of runs) {
    const began = at;
    const stage = 'training';
    const parameters = { total: 93_322, trainable: 93_322 };
    say({ type: 'preparing', run, what: 'compiling the training graphs' });
    at += FAKE_SECONDS.preparing;
    say({
      type: 'run_started',
      run,
      engine: 'onnx',
      device: 'cpu',
      model: 'cnn',
      parameters,
      images: { train: steps * BATCH, validation: validation ? 360 : 0, test: 360, probe: 360 },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      epochs,
      stages: [{ name: stage, epochs, batch: BATCH }],
    });
    say({ type: 'preparing', run, what: 'loading the graphs of the stage' });
    say({ type: 'stage_started', run, stage, epochs, trainable: parameters.trainable });
    const last = Math.min(epochs, ends?.after ?? epochs);
    let rate = 1e-3;
    for (let epoch = 1; epoch <= last; epoch++) {
      const here = { run, stage, epoch };
      const start = at;
      const { train, validation: held } = scores(epoch, gap);
      say({ type: 'epoch_started', ...here, steps, learning_rate: rate });
      for (let step = 1; step <= steps; step++) {
        at += FAKE_SECONDS.step;
        const seconds = at - start;
        say({
          type: 'step',
          ...here,
          step,
          steps,
          images: step * BATCH,
          loss: train.loss * 1.2,
          accuracy: train.accuracy * 0.95,
          images_per_second: (step * BATCH) / seconds,
          waited: seconds * 0.04,
          seconds,
        });
      }
      if (epoch === last && ends?.status === 'diverged') {
        say({ type: 'callback', ...here, name: 'diverged', message: 'The loss became NaN at step 61.' });
        break;
      }
      for (const what of validation ? (['train', 'validation'] as const) : (['train'] as const))
        for (let step = 1; step <= EVALUATIONS; step++) {
          at += FAKE_SECONDS.evaluation;
          say({ type: 'evaluating', ...here, what, step, steps: EVALUATIONS });
        }
      say({
        type: 'epoch_finished',
        ...here,
        running: { loss: train.loss * 1.2, accuracy: train.accuracy * 0.95 },
        train,
        validation: validation ? held : null,
        gap: validation ? train.accuracy - held.accuracy : null,
        learning_rate: rate,
        seconds: at - start,
        images_per_second: BATCH / FAKE_SECONDS.step,
        waited: steps * FAKE_SECONDS.step * 0.04,
      });
      if (callbacks && epoch === 4) {
        rate /= 2;
        say({
          type: 'callback',
          ...here,
          name: 'reduce_lr_on_plateau',
          message: 'val_loss has not improved for 2 epochs: learning rate 0.001 -> 5e-4.',
        });
      }
      if (epoch === last && ends?.status === 'early_stopped')
        say({
          type: 'callback',
          ...here,
          name: 'early_stopping',
          message: 'val_loss has not improved for 5 epochs (best 0.2413 in epoch 3).',
        });
      if (epoch === last && ends?.status === 'interrupted')
        say({ type: 'callback', ...here, name: 'interrupted', message: 'Interrupted; the step was finished.' });
    }
    const reached = scores(last, gap);
    const diverged = ends?.status === 'diverged';
    if (!diverged) {
      for (let step = 1; step <= EVALUATIONS; step++) {
        at += FAKE_SECONDS.evaluation;
        say({ type: 'evaluating', run, stage, epoch: last, what: 'test', step, steps: EVALUATIONS });
      }
    }
    const none = { loss: Number.NaN, accuracy: Number.NaN };
    const result: RunResult = {
      name: run,
      status: ends?.status ?? 'done',
      seconds: at - began,
      epochs: diverged ? last - 1 : last,
      train: diverged ? none : reached.train,
      validation: validation ? (diverged ? none : reached.validation) : null,
      test: diverged ? null : { loss: 0.31, accuracy: reached.validation.accuracy - 0.005 },
      gap: validation && !diverged ? reached.train.accuracy - reached.validation.accuracy : null,
      parameters,
      frozen: { tensors: 0, sha256: 'a'.repeat(64), unchanged: true },
      folder: `runs/quickstart/2026-01-02T03-04-05${runs.length > 1 ? `/${run.replace(/\W+/g, '-')}` : ''}`,
    };
    results.push(result);
    say({ type: 'run_finished', result });
  }
  say({ type: 'finished', runs: results });
  return timed;
};
