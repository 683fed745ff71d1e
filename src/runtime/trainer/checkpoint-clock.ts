// Verb: time → whether a checkpoint is due. One clock for all stages of a run.

export interface CheckpointClock {
  due(): boolean;
  /** A checkpoint has just been written. */
  saved(): void;
}

/** Seconds until the first one: who is killed early has something to go on from, too. */
const FIRST = 3;

/** `every`: seconds between two checkpoints; null: there are none. `clock`: milliseconds, rising. */
export const checkpointClock = (clock: () => number, every: number | null): CheckpointClock => {
  if (every === null) return { due: () => false, saved: () => {} };
  let next = clock() + 1000 * Math.min(FIRST, every);
  return {
    due: () => clock() >= next,
    saved: () => {
      next = clock() + 1000 * every;
    },
  };
};
