// Figures the views show, derived from a run's state: shares, gap facts, the evaluation under way.
import { isJudged } from '../report/summary.ts';
import { type Verdict, verdict } from '../report/verdict.ts';
import { type Evaluated, epochProgress, progress, timeLeft } from '../runtime/run-clock.ts';
import { isResumable, type RunState } from '../runtime/run-state.ts';

const evaluated = ({ started: { images } }: RunState): Evaluated => ({
  evaluated: images.probe + images.validation,
  trained: images.train,
});

/** Whether the epoch under way is finished: callbacks and the start of the next one may still come. */
const epochFinished = ({ history, epoch }: RunState): boolean => epoch > 0 && history.at(-1)?.epoch === epoch;

/** Share 0..1 of the evaluation after an epoch that is done; probe first, then validation, weighed by their images. */
export const evaluationShare = (run: RunState): number => {
  const { activity, started } = run;
  if (activity.kind !== 'evaluating' || activity.what === 'test' || epochFinished(run)) return 0;
  const { probe, validation } = started.images;
  const before = activity.what === 'validation' ? probe : 0;
  const images = activity.what === 'validation' ? validation : probe;
  const share = activity.steps > 0 ? activity.step / activity.steps : 1;
  return probe + validation > 0 ? (before + share * images) / (probe + validation) : 1;
};

/** Share 0..1 of the epoch under way that is done, its evaluation included. */
export const epochShare = (run: RunState): number =>
  epochFinished(run) ? 1 : epochProgress(run.clock, evaluated(run), evaluationShare(run));

/** Share 0..1 of the whole run that is done, by time. */
export const runShare = (run: RunState): number =>
  run.result ? 1 : progress(run.clock, evaluated(run), evaluationShare(run));

/** Seconds left of the run at time `now`; null while unknown. */
export const secondsLeft = (run: RunState, now: number): number | null =>
  timeLeft(run.clock, evaluated(run), now)?.run ?? null;

/** Seconds left of the epoch, its evaluation included; null while unknown. */
export const epochSecondsLeft = (run: RunState, now: number): number | null =>
  timeLeft(run.clock, evaluated(run), now)?.epoch ?? null;

/** Share 0..1 of the epoch's seconds spent waiting for data; null before the first step. */
export const waitingShare = ({ step }: RunState): number | null =>
  step && step.seconds > 0 ? Math.min(1, step.waited / step.seconds) : null;

/** The verdict on the latest honest figures: of the result, else of the latest epoch; null while there are none, or where none is due. */
export const currentVerdict = (run: RunState): Verdict | null => {
  const scores = run.result ?? run.history.at(-1);
  if (!scores || !Number.isFinite(scores.train.accuracy) || (run.result && !isJudged(run.result))) return null;
  const { images, classes } = run.started;
  return verdict({
    train: scores.train.accuracy,
    trainLoss: scores.train.loss,
    validation: scores.validation?.accuracy ?? null,
    probeImages: images.probe,
    validationImages: images.validation,
    classes: classes.length,
    finished: run.result !== null && !isResumable(run.result),
  });
};
