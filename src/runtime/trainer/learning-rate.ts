// Verb: plan and moment → factor on the optimizer's learning rate. Pure; one formula a schedule.
import type { LearningRatePlan } from '../../compiler/plan/plan.ts';

type Schedule = LearningRatePlan['schedule'];

/** A moment of a stage, before one of its steps. */
export interface ScheduleMoment {
  /** Epochs finished in this stage. */
  readonly epoch: number;
  /** Steps finished in this epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Epochs of the stage. */
  readonly epochs: number;
}

/** From `a` to `b` along half a cosine wave, t in 0..1 (PyTorch's `_annealing_cos`). */
const cosineBetween = (a: number, b: number, t: number): number => b + ((a - b) / 2) * (1 + Math.cos(Math.PI * t));

/** Share of the way done, 0..1. */
const share = (done: number, all: number): number => (all <= 0 ? 1 : Math.min(done / all, 1));

/** `step`, `all` count the steps after the warm-up; `epoch`, `inEpoch` the epochs after it. */
interface Way {
  readonly step: number;
  readonly all: number;
  readonly epoch: number;
}

/** One rule a schedule; a new kind without a rule does not compile. */
const factors: { readonly [K in Schedule['kind']]: (schedule: Extract<Schedule, { kind: K }>, way: Way) => number } = {
  constant: () => 1,
  /** factor ^ floor(epoch / every): changes between epochs only. */
  step: ({ factor, every_epochs }, { epoch }) => factor ** Math.floor(epoch / every_epochs),
  /** factor ^ epoch: changes between epochs only (Keras' ExponentialDecay, staircase, decay_steps = one epoch). */
  exponential: ({ factor }, { epoch }) => factor ** epoch,
  /** final + (1 - final) / 2 * (1 + cos(pi * step / steps)): Keras' CosineDecay with alpha = final, every step. */
  cosine: ({ final }, { step, all }) => cosineBetween(1, final, share(step, all)),
  /** PyTorch's OneCycleLR in two phases, every step: up to 1 at peak_at * steps - 1, then down to `final` at the last step. */
  one_cycle: ({ start, final, peak_at }, { step, all }) => {
    const peak = peak_at * all - 1;
    return step <= peak
      ? cosineBetween(start, 1, share(step, peak))
      : cosineBetween(1, final, share(step - peak, all - 1 - peak));
  },
};

const factorOf = <K extends Schedule['kind']>(schedule: Extract<Schedule, { kind: K }>, way: Way): number => {
  const rule: (schedule: Extract<Schedule, { kind: K }>, way: Way) => number = factors[schedule.kind as K];
  return rule(schedule, way);
};

/**
 * Factor on the optimizer's learning rate for the step that comes next. During warm-up it rises linearly from 1/n to 1 over its
 * n steps (Goyal et al. 2017, 2.2); the schedule begins after it and ends with the stage.
 */
export const learningRateFactor = (plan: LearningRatePlan, at: ScheduleMoment): number => {
  const done = at.epoch * at.stepsPerEpoch + at.step;
  const warmup = Math.round(plan.warmup_epochs * at.stepsPerEpoch);
  if (done < warmup) return (done + 1) / warmup;
  return factorOf(plan.schedule, {
    step: done - warmup,
    all: at.epochs * at.stepsPerEpoch - warmup,
    epoch: Math.max(at.epoch - Math.floor(plan.warmup_epochs), 0),
  });
};
