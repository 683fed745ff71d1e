// Verb: one pass over the train images, batch by batch; the next batch is prepared while the step runs.
import type { Batch, EngineSession, StepResult } from '../engine/engine.ts';
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
  /** What follows each step inside of the engine; null: nothing. */
  readonly average: (() => Promise<void>) | null;
  readonly onStep: (progress: EpochProgress) => void;
  /** Whether to pause behind the steps that were sent. */
  readonly pauseDue: () => boolean;
  /** When none is under way. */
  readonly onPause: (progress: EpochProgress) => Promise<void>;
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
    /** The batches ended with an error; all steps that were sent are done. */
    | { readonly how: 'failed'; readonly error: unknown }
  );

/** Steps from which on the mean time of a step is believed. */
const TIMED = 8;
/** Milliseconds: shorter steps are sent ahead, so that the engine does not wait for the answer to be read before it gets the next. */
const SHORT = 20;
/** Steps that are then on their way at once; longer ones go one by one, so that an abortion waits for one step only. */
const AHEAD = 3;

/** A step that was sent to the engine. */
interface SentStep {
  readonly images: number;
  readonly learningRate: number;
  readonly result: Promise<StepResult>;
}

/** Sends steps in order, each with what has to follow it in the engine. */
const sender = ({ session, learningRate, iteration, average }: EpochRequest, first: number) => {
  let sent = 0;
  return (batch: Batch): SentStep => {
    const images = batch.count;
    const rate = learningRate(first + sent);
    sent += 1;
    const result = Promise.all([session.train(batch, rate, iteration + sent), average?.()]).then(([answer]) => answer);
    // a fault is thrown where the step is awaited; steps behind it are never awaited
    result.catch(() => {});
    return { images, learningRate: rate, result };
  };
};

/**
 * Trains until the pass ends, the signal is aborted, a batch cannot be had or a loss is not finite. Steps that were sent are waited for
 * and counted; behind a loss that is not finite they are not, and the weights are worth nothing. Throws what the engine throws: then
 * nobody knows which steps were done.
 */
export const trainEpoch = async (request: EpochRequest): Promise<EpochEnd> => {
  const { loader, pass, signal, clock } = request;
  const from = clock();
  const batches = prefetch(loader.batches(pass), clock);
  const start = request.sums.count;
  const steps = Math.ceil(pass.indices.length / pass.batch);
  const send = sender(request, pass.skip);
  const onTheWay: SentStep[] = [];
  let step = pass.skip;
  let sums = request.sums;
  let learningRate = request.learningRate(step);
  const progress = (): EpochProgress => {
    const seconds = (clock() - from) / 1000;
    const imagesPerSecond = seconds > 0 ? (sums.count - start) / seconds : 0;
    const iteration = request.iteration + step - pass.skip;
    return { step, steps, sums, iteration, learningRate, seconds, waited: batches.waited() / 1000, imagesPerSecond };
  };
  const depth = (): number => {
    const done = step - pass.skip;
    return done >= TIMED && (clock() - from) / done < SHORT ? AHEAD : 1;
  };
  let fault: { readonly error: unknown } | null = null;
  const next = async (): Promise<Batch | null> => {
    if (signal.aborted || fault !== null || (onTheWay.length > 0 && request.pauseDue())) return null;
    try {
      return await batches.next();
    } catch (error) {
      fault = { error };
      return null;
    }
  };
  const ended = (): EpochEnd => {
    if (fault !== null) return { ...progress(), how: 'failed', error: fault.error };
    return { ...progress(), how: step === steps ? 'completed' : 'interrupted' };
  };
  try {
    for (;;) {
      const batch = await next();
      if (batch !== null) onTheWay.push(send(batch));
      if (batch !== null && onTheWay.length < depth()) continue;
      const oldest = onTheWay.shift();
      if (oldest === undefined) return ended();
      const result = await oldest.result;
      step += 1;
      learningRate = oldest.learningRate;
      if (!Number.isFinite(result.loss)) return { ...progress(), how: 'diverged', loss: result.loss };
      sums = addBatch(sums, result, oldest.images);
      request.onStep(progress());
      if (onTheWay.length === 0 && request.pauseDue()) await request.onPause(progress());
    }
  } finally {
    await batches.close();
  }
};

/** What the progress says about the epoch so far, with dropout and augmentation on. */
export const runningScore = (progress: EpochProgress) => meanOf(progress.sums);
