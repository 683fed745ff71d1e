// Verb: time → whether a checkpoint is due. One clock for all stages of a run.
import type { CheckpointSink } from './trainer.ts';

export interface CheckpointClock {
  due(): boolean;
  /** A checkpoint is being written from now on. */
  begun(): void;
  /** It has just been written. */
  saved(): void;
}

/** Seconds until the first one: who is killed early has something to go on from, too. */
const FIRST = 3;
/** Checkpoints take at most about one part in so many of the time: a slow disk or a large model makes them rarer. */
const SHARE = 20;

/** `sink`: where they go; null: there are none. `clock`: milliseconds, rising. */
export const checkpointClock = (
  clock: () => number,
  sink: Pick<CheckpointSink, 'every' | 'wanted'> | null,
): CheckpointClock => {
  if (sink === null) return { due: () => false, begun: () => {}, saved: () => {} };
  let from = clock();
  let next = from + 1000 * Math.min(FIRST, sink.every);
  return {
    due: () => clock() >= next || sink.wanted?.() === true,
    begun: () => {
      from = clock();
    },
    saved: () => {
      const now = clock();
      next = now + (sink.every === 0 ? 0 : Math.max(1000 * sink.every, SHARE * (now - from)));
    },
  };
};
