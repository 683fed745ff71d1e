// Verb: a run of the plan → the same as compiler and trainer take it.
import type { DataPlan, RunPlan } from '../compiler/plan/plan.ts';
import { notRunYetLine, type TrainableRun, trainableRun } from '../compiler/plan/trainable.ts';
import { SessionError } from './session-error.ts';

/** What cannot be compiled yet is refused, never left out in silence. Throws SessionError. */
export const readyRun = (run: RunPlan): TrainableRun => {
  const found = trainableRun(run);
  if ('missing' in found) throw new SessionError(notRunYetLine([found.missing]));
  return found.run;
};

/** The run on the images of another data block; how they are prepared stays the run's own. Throws SessionError. */
export const withImagesOf = (
  run: RunPlan,
  { source, only_classes, limit, validation }: Pick<DataPlan, 'source' | 'only_classes' | 'limit' | 'validation'>,
): TrainableRun => readyRun({ ...run, data: { ...run.data, source, only_classes, limit, validation } });
