// Verb: one epoch of a stage: a pass over the train images, then the scores of the weights that it ends with.
import type { SplitPart } from '../data/split.ts';
import type { Score } from '../events.ts';
import type { Measured } from './end-of-epoch.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { learningRateFactor } from './learning-rate.ts';
import { emptySums, meanOf } from './running-mean.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { KEPT, placeOf, type StageRequest } from './stage-request.ts';
import { type EpochEnd, type EpochProgress, runningScore, trainEpoch } from './train-epoch.ts';
import { type EpochScores, gapOf, type TrainerState } from './trainer.ts';

/** `state`: at the step boundary that was reached. */
export type EpochOutcome = { readonly state: TrainerState } & (
  | { readonly how: 'finished'; readonly measured: Measured }
  | { readonly how: 'interrupted' }
  | { readonly how: 'failed'; readonly error: unknown }
  | Divergence
);

/** A loss that is not finite: where, at which rate, and the mean loss before it. */
export interface Divergence {
  readonly how: 'diverged';
  readonly loss: number;
  readonly where: string;
  readonly learningRate: number;
  readonly before: number | null;
}

/** Steps of an epoch of this stage. */
export const stepsOf = ({ run, stage }: StageRequest): number => Math.ceil(run.data.train.length / stage.plan.batch);

/** Learning rate of a step, counted from 0 in the epoch after those that the state has finished. */
const rateOf = (request: StageRequest, state: TrainerState) => {
  const { learning_rate, epochs } = request.stage.plan;
  const stepsPerEpoch = stepsOf(request);
  return (step: number): number =>
    state.learningRate * learningRateFactor(learning_rate, { epoch: state.epoch, step, stepsPerEpoch, epochs });
};

/** Listeners hear of each step. */
const afterStep = (request: StageRequest, epoch: number) => {
  const { run } = request;
  const place = placeOf(request, epoch);
  return (progress: EpochProgress): void =>
    run.listener({
      type: 'step',
      ...place,
      step: progress.step,
      steps: progress.steps,
      images: progress.sums.count,
      ...runningScore(progress),
      images_per_second: progress.imagesPerSecond,
      waited: progress.waited,
      seconds: progress.seconds,
    });
};

/** The state at a step boundary of the epoch that `before` begins or goes on with. */
const stateAt = (before: TrainerState, { step, sums, iteration }: EpochProgress): TrainerState => ({
  ...before,
  step,
  sums,
  iteration,
});

const pass = (request: StageRequest, state: TrainerState, epoch: number): Promise<EpochEnd> => {
  const { run, clock, stage, session, loader, saving } = request;
  const { ema } = stage.plan;
  return trainEpoch({
    session,
    loader,
    clock,
    signal: run.signal,
    sums: state.sums,
    iteration: state.iteration,
    learningRate: rateOf(request, state),
    pass: {
      split: 'train',
      indices: run.data.shuffled(epoch),
      batch: stage.plan.batch,
      mode: 'train',
      epoch,
      skip: state.step,
    },
    average: ema === null ? null : () => session.average(KEPT.average, ema),
    onStep: afterStep(request, epoch),
    pauseDue: saving.due,
    onPause: (progress) => saveCheckpoint(request, stateAt(state, progress)),
  });
};

/** Scores of the probe and of validation; null when aborted. */
const measure = async (request: StageRequest, epoch: number): Promise<EpochScores | null> => {
  const { run, clock, stage, session, loader } = request;
  const { data, signal, listener } = run;
  const place = placeOf(request, epoch);
  const evaluate = (what: 'train' | 'validation', visit: SplitPart): Promise<Score | null> =>
    evaluateSplit({
      session,
      loader,
      visit,
      batch: stage.plan.batch,
      epoch,
      signal,
      clock,
      onStep: (step, steps) => listener({ type: 'evaluating', ...place, what, step, steps }),
    });
  const train = await evaluate('train', { split: 'train', indices: data.probe });
  if (train === null) return null;
  if (data.validation === null) return { train, validation: null };
  const validation = await evaluate('validation', data.validation);
  return validation && { train, validation };
};

const unsound = ({ train, validation }: EpochScores): Score | null => {
  if (!Number.isFinite(train.loss)) return train;
  return validation && !Number.isFinite(validation.loss) ? validation : null;
};

/** What the work gives, or the error that it threw: an evaluation changes no weights, so nothing is lost by it. */
const attempt = async <T>(work: () => Promise<T>): Promise<T | { readonly error: unknown }> => {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
};

/** Trains from the state to the end of its epoch. Emits the events of the epoch, from `epoch_started` to `epoch_finished`. */
export const runEpoch = async (request: StageRequest, before: TrainerState): Promise<EpochOutcome> => {
  const { run, clock } = request;
  const { listener } = run;
  const from = clock();
  const epoch = before.finished + 1;
  const place = placeOf(request, epoch);
  const learning_rate = rateOf(request, before)(before.step);
  listener({ type: 'epoch_started', ...place, steps: stepsOf(request), learning_rate });
  const end = await pass(request, before, epoch);
  const { learningRate } = end;
  if (end.how === 'diverged') {
    const mean = end.sums.count > 0 ? meanOf(end.sums).loss : null;
    const where = `epoch ${epoch}, step ${end.step} of ${end.steps}`;
    return { how: 'diverged', state: before, loss: end.loss, where, learningRate, before: mean };
  }
  const reached = stateAt(before, end);
  if (end.how === 'failed') return { how: 'failed', state: reached, error: end.error };
  const scores = end.how === 'interrupted' ? null : await attempt(() => measure(request, epoch));
  if (scores === null) return { how: 'interrupted', state: reached };
  if ('error' in scores) return { how: 'failed', state: reached, error: scores.error };
  const running = meanOf(end.sums);
  const wrong = unsound(scores);
  if (wrong) {
    const where = `the evaluation after epoch ${epoch}`;
    return { how: 'diverged', state: reached, loss: wrong.loss, where, learningRate, before: running.loss };
  }
  listener({
    type: 'epoch_finished',
    ...place,
    running,
    ...scores,
    gap: gapOf(scores),
    learning_rate: learningRate,
    seconds: (clock() - from) / 1000,
    images_per_second: end.imagesPerSecond,
    waited: end.waited,
  });
  const state = { ...reached, epoch: before.epoch + 1, finished: epoch, step: 0, sums: emptySums, last: scores };
  return { how: 'finished', state, measured: { ...scores, running } };
};
