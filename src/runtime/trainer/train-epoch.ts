// Verb: one pass over the train images, batch by batch; the next batch is prepared while the step runs.
import type { EngineSession } from '../engine/engine.ts';
import type { Loader, Pass } from '../loader/loader.ts';
import { prefetch } from './prefetch.ts';
import { addBatch, meanOf, type RunningSums } from './running-mean.ts';

export interface EpochRequest {
  readonly session: EngineSession;
  readonly loader: Loader;
  readonly pass: Pass;
  /** Running sums of the steps that `pass.skip` leaves out. */
  readonly sums: RunningSums;
  /** Optimizer steps done before. */
  readonly iteration: number;
  /** Learning rate of a step, counted from 0 in this epoch. */
  readonly learningRate: (step: number) => number;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly onStep: (progress: EpochProgress) => Promise<void> | void;
}

export interface EpochProgress {
  /** Steps finished in this epoch. */
  readonly step: number;
  readonly steps: number;
  readonly sums: RunningSums;
  readonly iteration: number;
  /** Rate of the last step. */
  readonly learningRate: number;
  /** Seconds since the epoch began, and those of them spent waiting for data. */
  readonly seconds: number;
  readonly waited: number;
  readonly imagesPerSecond: number;
}

export type EpochEnd = EpochProgress &
  (
    | { readonly how: 'completed' | 'interrupted' }
    /** `loss` is that of the step that was not finite. */
    | { readonly how: 'diverged'; readonly loss: number }
  );

/** Trains until the pass ends, the signal is aborted or a loss is not finite. */
export const trainEpoch = async (request: EpochRequest): Promise<EpochEnd> => {
  const { session, loader, pass, signal, clock } = request;
  const from = clock();
  const batches = prefetch(loader.batches(pass), clock);
  const start = request.sums.count;
  const steps = Math.ceil(pass.indices.length / pass.batch);
  let step = pass.skip;
  let sums = request.sums;
  let iteration = request.iteration;
  let learningRate = request.learningRate(step);
  const progress = (): EpochProgress => {
    const seconds = (clock() - from) / 1000;
    const imagesPerSecond = seconds > 0 ? (sums.count - start) / seconds : 0;
    return { step, steps, sums, iteration, learningRate, seconds, waited: batches.waited() / 1000, imagesPerSecond };
  };
  try {
    while (!signal.aborted) {
      const batch = await batches.next();
      if (batch === null) return { ...progress(), how: 'completed' };
      const { count } = batch;
      learningRate = request.learningRate(step);
      const result = await session.train(batch, learningRate, iteration + 1);
      step += 1;
      iteration += 1;
      if (!Number.isFinite(result.loss)) return { ...progress(), how: 'diverged', loss: result.loss };
      sums = addBatch(sums, result, count);
      await request.onStep(progress());
    }
    return { ...progress(), how: step === steps ? 'completed' : 'interrupted' };
  } finally {
    await batches.close();
  }
};

/** What the progress says about the epoch so far, with dropout and augmentation on. */
export const runningScore = (progress: EpochProgress) => meanOf(progress.sums);
