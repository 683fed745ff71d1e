// Verb: images → loss and accuracy with dropout and augmentation off.
import type { SplitPart } from '../data/split.ts';
import type { EngineSession } from '../engine/engine.ts';
import type { Score } from '../events.ts';
import type { Loader } from '../loader/loader.ts';
import { prefetch } from './prefetch.ts';
import { addBatch, emptySums, meanOf } from './running-mean.ts';

export interface EvaluateRequest {
  readonly session: EngineSession;
  readonly loader: Loader;
  readonly visit: SplitPart;
  readonly batch: number;
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  /** Called after each step, from 1. */
  readonly onStep: (step: number, steps: number) => void;
}

/** Mean loss and share of right answers over all images, a short last batch counted exactly; null when aborted. */
export const evaluateSplit = async (request: EvaluateRequest): Promise<Score | null> => {
  const { session, loader, visit, batch, epoch, signal, clock, onStep } = request;
  const steps = Math.ceil(visit.indices.length / batch);
  const batches = prefetch(loader.batches({ ...visit, batch, mode: 'evaluate', epoch, skip: 0 }), clock);
  let sums = emptySums;
  let step = 0;
  try {
    while (!signal.aborted) {
      const next = await batches.next();
      if (next === null) return meanOf(sums);
      const { count } = next;
      sums = addBatch(sums, await session.evaluate(next), count);
      step += 1;
      onStep(step, steps);
    }
    return null;
  } finally {
    await batches.close();
  }
};
