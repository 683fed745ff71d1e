// Verb: one stage: epochs, evaluation after each, callbacks, and what is kept when it ends early.
import type { CompiledStage } from '../../compiler/compiled-run.ts';
import type { MonitorName } from '../../compiler/plan/plan.ts';
import type { EngineSession, Weights } from '../engine/engine.ts';
import type { RunEvent, Score } from '../events.ts';
import type { Loader } from '../loader/loader.ts';
import { checkpoint } from './callbacks/checkpoint.ts';
import { earlyStopping } from './callbacks/early-stopping.ts';
import { reduceLr } from './callbacks/reduce-lr.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { learningRateFactor } from './learning-rate.ts';
import {
  divergedMessage,
  interruptedMessage,
  reducedMessage,
  restoredMessage,
  savedMessage,
  stoppedMessage,
} from './messages.ts';
import { updateAverage } from './moving-average.ts';
import { emptySums, meanOf } from './running-mean.ts';
import { runningScore, trainEpoch } from './train-epoch.ts';
import type { Checkpoint, EpochScores, TrainerState, TrainRequest } from './trainer.ts';

export interface StageRequest {
  readonly run: TrainRequest;
  readonly clock: () => number;
  readonly stage: CompiledStage;
  readonly session: EngineSession;
  readonly loader: Loader;
  /** Names of the weights that the optimizer trains. */
  readonly trainable: readonly string[];
  readonly state: TrainerState;
  /** Kept tensors of a checkpoint that this stage goes on from. */
  readonly best: Weights | null;
  readonly average: Weights | null;
}

export interface StageEnd {
  readonly how: 'completed' | 'stopped' | 'interrupted' | 'diverged';
  readonly state: TrainerState;
  /** Scores of exactly the weights that the session holds now; null where they were not measured. */
  readonly scores: EpochScores | null;
}

type CallbackName = Extract<RunEvent, { type: 'callback' }>['name'];

/** Difference of accuracies, train minus validation. */
export const gapOf = (scores: EpochScores): number | null =>
  scores.validation && scores.train.accuracy - scores.validation.accuracy;

const monitored = (name: MonitorName, running: Score, scores: EpochScores): number | null => {
  switch (name) {
    case 'loss':
      return running.loss;
    case 'accuracy':
      return running.accuracy;
    case 'val_loss':
      return scores.validation?.loss ?? null;
    case 'val_accuracy':
      return scores.validation?.accuracy ?? null;
  }
};

const isSound = (score: Score | null): boolean => score === null || Number.isFinite(score.loss);

/** Trains the stage in its session, which holds the kept weights when this returns. */
export const trainStage = async (request: StageRequest): Promise<StageEnd> => {
  const { run, clock, stage, session, loader, trainable } = request;
  const { plan } = stage;
  const { listener, signal, data, checkpoints } = run;
  const stopping = plan.early_stopping;
  let state = request.state;
  let best = request.best;
  let average = request.average;
  let kept: Weights | null = null;
  let scores: EpochScores | null = null;
  let savedAt = clock();

  const at = (epoch = state.finished + 1) => ({ run: run.compiled.plan.name, stage: plan.name, epoch });
  const say = (name: CallbackName, epoch: number, message: string) =>
    listener({ type: 'callback', ...at(epoch), name, message });
  const stepsPerEpoch = Math.ceil(data.train.length / plan.batch);
  const rate = (step: number) =>
    state.learningRate *
    learningRateFactor(plan.learning_rate, { epoch: state.epoch, step, stepsPerEpoch, epochs: plan.epochs });

  const capture = async (): Promise<Checkpoint> => ({
    state,
    weights: await session.weights(),
    slots: await session.slots(),
    best,
    average,
  });

  /** Puts the weights that early stopping keeps back into the session. */
  const restoreBest = async (): Promise<void> => {
    if (!stopping?.restore_best || best === null || state.best === null) return;
    const current = state.best.finished === state.finished && state.step === 0 && plan.ema === null;
    if (current) return;
    await session.setWeights(best);
    scores = state.best;
    say('restore_best', state.finished, restoredMessage(stopping.monitor, state.best.monitor, state.best.finished));
  };

  const evaluate = (what: 'train' | 'validation') => {
    const visit = what === 'train' ? { split: 'train' as const, indices: data.probe } : data.validation!;
    const here = at();
    return evaluateSplit({
      session,
      loader,
      visit,
      batch: plan.batch,
      epoch: here.epoch,
      signal,
      clock,
      onStep: (step, steps) => listener({ type: 'evaluating', ...here, what, step, steps }),
    });
  };

  const interrupted = async (): Promise<StageEnd> => {
    if (checkpoints) await checkpoints.save(await capture());
    await restoreBest();
    const epoch = state.step > 0 ? state.finished + 1 : state.finished;
    const { finished, step } = state;
    say('interrupted', epoch, interruptedMessage({ finished, step, steps: stepsPerEpoch }));
    return { how: 'interrupted', state, scores };
  };

  const diverged = async (loss: number, where: string, learningRate: number, before: number | null) => {
    const bestKept = stopping?.restore_best === true && best !== null && state.best !== null;
    await session.setWeights((bestKept ? best : kept)!);
    scores = bestKept ? state.best : state.last;
    const keeps = bestKept
      ? `The best weights, of epoch ${state.best?.finished}, are kept`
      : `The weights from the end of epoch ${state.finished} are kept`;
    say('diverged', state.finished + 1, divergedMessage({ loss, where, learningRate, before, kept: keeps }));
    return { how: 'diverged' as const, state, scores };
  };

  /** Early stopping, learning-rate reduction and checkpoints, in this order, at the end of an epoch. */
  const callbacks = async (running: Score, measured: EpochScores, weights: Weights): Promise<void> => {
    const epoch = state.finished;
    const local = state.epoch - 1;
    if (stopping) {
      const value = monitored(stopping.monitor, running, measured);
      const answer = earlyStopping(stopping, state.earlyStopping, value, local);
      state = { ...state, earlyStopping: answer.state };
      for (const decision of answer.decisions) {
        if (decision === 'store') {
          best = weights;
          state = { ...state, best: { ...measured, finished: epoch, monitor: value ?? Number.NaN } };
        } else {
          state = { ...state, stopped: true };
          const first = epoch - local;
          const { best: value, bestEpoch, wait } = answer.state;
          say('early_stopping', epoch, stoppedMessage(stopping.monitor, value!, bestEpoch + first, wait));
        }
      }
    }
    const reducing = plan.reduce_lr_on_plateau;
    if (reducing) {
      const value = monitored(reducing.monitor, running, measured);
      const answer = reduceLr(reducing, state.reduceLr, value, state.learningRate);
      state = { ...state, reduceLr: answer.state };
      for (const { learningRate } of answer.decisions) {
        const message = reducedMessage(reducing.monitor, reducing.patience, state.learningRate, learningRate);
        state = { ...state, learningRate };
        say('reduce_lr_on_plateau', epoch, message);
      }
    }
    if (plan.checkpoint && checkpoints) {
      const answer = checkpoint(
        plan.checkpoint,
        state.checkpoint,
        monitored(plan.checkpoint.monitor, running, measured),
      );
      state = { ...state, checkpoint: answer.state };
      for (const _ of answer.decisions) {
        const name = plan.checkpoint.save_best_only ? 'best' : `epoch-${String(epoch).padStart(3, '0')}`;
        await checkpoints.saveWeights(name, weights);
        say('checkpoint', epoch, savedMessage(name, epoch));
      }
    }
  };

  kept = await session.weights();
  while (state.epoch < plan.epochs && !state.stopped) {
    if (signal.aborted) return interrupted();
    const from = clock();
    const here = at();
    listener({ type: 'epoch_started', ...here, steps: stepsPerEpoch, learning_rate: rate(state.step) });
    const pass = { split: 'train' as const, indices: data.shuffled(here.epoch), batch: plan.batch };
    const end = await trainEpoch({
      session,
      loader,
      signal,
      clock,
      learningRate: rate,
      sums: state.sums,
      iteration: state.iteration,
      pass: { ...pass, mode: 'train', epoch: here.epoch, skip: state.step },
      onStep: async (progress) => {
        if (plan.ema !== null) {
          average = updateAverage(average, await session.weights(), trainable, plan.ema);
        }
        listener({
          type: 'step',
          ...here,
          step: progress.step,
          steps: progress.steps,
          images: progress.sums.count,
          ...runningScore(progress),
          images_per_second: progress.imagesPerSecond,
          waited: progress.waited,
          seconds: progress.seconds,
        });
      },
    });
    scores = null;
    if (end.how === 'diverged') {
      const before = end.sums.count > 0 ? meanOf(end.sums).loss : null;
      const where = `epoch ${here.epoch}, step ${end.step} of ${end.steps}`;
      return diverged(end.loss, where, end.learningRate, before);
    }
    state = { ...state, step: end.step, sums: end.sums, iteration: end.iteration };
    if (end.how === 'interrupted') return interrupted();

    const train = await evaluate('train');
    const validation = train && data.validation ? await evaluate('validation') : null;
    if (train === null || (data.validation && validation === null)) return interrupted();
    const running = meanOf(end.sums);
    const measured = { train, validation };
    if (!isSound(train) || !isSound(validation)) {
      const loss = isSound(train) ? validation!.loss : train.loss;
      const where = `the evaluation after epoch ${here.epoch}`;
      return diverged(loss, where, end.learningRate, running.loss);
    }
    scores = measured;
    state = { ...state, epoch: state.epoch + 1, finished: here.epoch, step: 0, sums: emptySums, last: measured };
    listener({
      type: 'epoch_finished',
      ...here,
      running,
      ...measured,
      gap: gapOf(measured),
      learning_rate: end.learningRate,
      seconds: (clock() - from) / 1000,
      images_per_second: end.imagesPerSecond,
      waited: end.waited,
    });
    kept = await session.weights();
    await callbacks(running, measured, kept);
    if (checkpoints && clock() - savedAt >= checkpoints.every * 1000) {
      await checkpoints.save(await capture());
      savedAt = clock();
    }
  }

  if (plan.ema !== null && average !== null) {
    await session.setWeights(new Map([...(await session.weights()), ...average]));
    scores = null;
  }
  await restoreBest();
  return { how: state.stopped ? 'stopped' : 'completed', state, scores };
};
