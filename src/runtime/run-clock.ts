// How long it still takes: an honest estimate from measured steps, the evaluation after each epoch included. Pure.

/** What was measured of one run, in seconds; times are on the clock of the events. */
export interface Clock {
  readonly startedAt: number;
  /** Expected in all: fewer than planned once a stage stopped early. */
  readonly epochs: number;
  readonly epochsDone: number;
  readonly steps: number;
  readonly step: number;
  /** The first step that was seen in this epoch: not 1 where a run goes on inside an epoch; 0 before it. */
  readonly firstStep: number;
  readonly epochStartedAt: number;
  /** When the epoch's first step ended: it pays for warming up, so the speed is measured from there. */
  readonly firstStepAt: number;
  readonly lastStepAt: number;
  /** Seconds a step in the epoch before, of the same stage; null when none is finished. */
  readonly stepBefore: number | null;
  /** Seconds from the last step to the end of the epoch, in the latest epoch; null when none is finished. */
  readonly evaluation: number | null;
}

export const newClock = (at: number, epochs: number): Clock => ({
  startedAt: at,
  epochs,
  epochsDone: 0,
  steps: 0,
  step: 0,
  firstStep: 0,
  epochStartedAt: at,
  firstStepAt: at,
  lastStepAt: at,
  stepBefore: null,
  evaluation: null,
});

/**
 * Another stage trains other layers: its steps take another time. `epochsFromHere` are planned in it and after it; they
 * correct the total where the stage before stopped early.
 */
export const stageStarted = (clock: Clock, epochsFromHere: number): Clock => ({
  ...clock,
  stepBefore: null,
  epochs: clock.epochsDone > 0 ? clock.epochsDone + epochsFromHere : clock.epochs,
});

/** A callback ended the stage: no epoch of it is to come. */
export const stopped = (clock: Clock): Clock => ({ ...clock, epochs: clock.epochsDone });

/** `epoch` counts from 1; a run that goes on where it was killed does not begin with the first. */
export const epochStarted = (clock: Clock, epoch: number, steps: number, at: number): Clock => ({
  ...clock,
  steps,
  epochsDone: epoch - 1,
  step: 0,
  firstStep: 0,
  epochStartedAt: at,
  firstStepAt: at,
  lastStepAt: at,
});

export const stepped = (clock: Clock, step: number, at: number): Clock => ({
  ...clock,
  step,
  firstStep: clock.step === 0 ? step : clock.firstStep,
  firstStepAt: clock.step === 0 ? at : clock.firstStepAt,
  lastStepAt: at,
});

/** The epoch is finished, evaluation included: its figures become what the next ones are expected to take. */
export const epochEnded = (clock: Clock, at: number): Clock => ({
  ...clock,
  epochsDone: clock.epochsDone + 1,
  stepBefore:
    clock.step === 0
      ? clock.stepBefore
      : (clock.lastStepAt - clock.epochStartedAt) / (clock.step - clock.firstStep + 1),
  evaluation: at - clock.lastStepAt,
  step: 0,
  firstStep: 0,
  epochStartedAt: at,
  firstStepAt: at,
  lastStepAt: at,
});

/** The epoch before counts as this many steps of the one under way, so that the estimate does not jump. */
const PRIOR_STEPS = 10;

/**
 * Seconds a step: the steps of this epoch after its first, mixed with the epoch before; null before anything is known. A
 * single first step counts as it is, warm-up included, since there is nothing better.
 */
export const secondsPerStep = (clock: Clock): number | null => {
  const measured = clock.step - clock.firstStep;
  const elapsed = clock.lastStepAt - clock.firstStepAt;
  if (clock.stepBefore !== null) return (clock.stepBefore * PRIOR_STEPS + elapsed) / (PRIOR_STEPS + measured);
  if (measured > 0) return elapsed / measured;
  return clock.step === 0 ? null : clock.lastStepAt - clock.epochStartedAt;
};

/** Sizes that the time of an evaluation is guessed from while none was measured. */
export interface Evaluated {
  /** Images evaluated after an epoch (probe and validation) and images trained on in it. */
  readonly evaluated: number;
  readonly trained: number;
}

/** Measured in the latest epoch; before that a forward pass is taken for a third of a training step, image by image. */
const evaluationSeconds = (clock: Clock, step: number, { evaluated, trained }: Evaluated): number =>
  clock.evaluation ?? (trained > 0 ? (step * clock.steps * (evaluated / trained)) / 3 : 0);

/**
 * Seconds to the end of the epoch and of the run at time `now`, as if the epochs to come take as long as this one; null
 * before the first step is measured. Never negative.
 */
export const timeLeft = (
  clock: Clock,
  images: Evaluated,
  now: number,
): { readonly epoch: number; readonly run: number } | null => {
  const step = secondsPerStep(clock);
  if (step === null) return null;
  const evaluation = evaluationSeconds(clock, step, images);
  const whole = clock.steps * step + evaluation;
  const since = Math.max(0, now - clock.lastStepAt);
  const epoch = Math.max(0, (clock.steps - clock.step) * step + evaluation - since);
  const later = Math.max(0, clock.epochs - clock.epochsDone - 1);
  if (clock.epochsDone >= clock.epochs) return { epoch: 0, run: 0 };
  return { epoch, run: epoch + later * whole };
};

/** Share 0..1 of the epoch under way that is done, by time; `evaluating` is the share 0..1 of its evaluation. */
export const epochProgress = (clock: Clock, images: Evaluated, evaluating: number): number => {
  if (clock.steps === 0) return evaluating;
  const step = secondsPerStep(clock) ?? 1;
  const training = clock.steps * step;
  const evaluation = evaluationSeconds(clock, step, images);
  return Math.min(1, (clock.step * step + evaluating * evaluation) / (training + evaluation));
};

/** Share 0..1 of the run that is done, every epoch weighing the same. */
export const progress = (clock: Clock, images: Evaluated, evaluating: number): number =>
  clock.epochs === 0
    ? evaluating
    : Math.min(1, (clock.epochsDone + epochProgress(clock, images, evaluating)) / clock.epochs);
