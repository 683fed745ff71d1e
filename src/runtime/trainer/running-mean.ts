// Verb: batch results → loss and accuracy over the images seen, weighted by batch size as Keras reports them.
import type { StepResult } from '../engine/engine.ts';
import type { Score } from '../events.ts';

export interface RunningSums {
  /** Sum of batch loss * batch size. */
  readonly loss: number;
  readonly correct: number;
  /** Images seen. */
  readonly count: number;
}

export const emptySums: RunningSums = { loss: 0, correct: 0, count: 0 };

/** The sums after one more batch of `count` images. */
export const addBatch = (sums: RunningSums, result: StepResult, count: number): RunningSums => ({
  loss: sums.loss + result.loss * count,
  correct: sums.correct + result.correct,
  count: sums.count + count,
});

/** Means over the images seen. NaN before the first batch. */
export const meanOf = (sums: RunningSums): Score => ({
  loss: sums.loss / sums.count,
  accuracy: sums.correct / sums.count,
});
