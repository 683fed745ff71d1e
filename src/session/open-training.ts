// Noun and verb: what is to be trained: a checked pipeline with what was asked for, or a run that goes on.
import type { Plan } from '../compiler/plan/plan.ts';
import { type NotRunYet, notRunYetLine, type TrainablePlan, trainablePlan } from '../compiler/plan/trainable.ts';
import { locateData } from './locate-data.ts';
import { type Resumed, readResume } from './read-resume.ts';
import { type Overrides, selectRuns } from './select-runs.ts';
import { SessionError } from './session-error.ts';

export interface Training {
  /** Runs that can be trained, in the order to train them. */
  readonly plan: TrainablePlan;
  /** Runs that cannot be trained yet, and why. */
  readonly missing: readonly NotRunYet[];
  /** The pipeline as the file has it. */
  readonly text: string;
  /** The run goes on from here. */
  readonly resumed: Resumed | null;
}

const trainingOf = (wanted: Plan, text: string, resumed: Resumed | null): Training => {
  const { plan, missing } = trainablePlan(wanted);
  if (plan.runs.length === 0) throw new SessionError(notRunYetLine(missing));
  return { plan, missing, text, resumed };
};

/** `file` is where the plan was written, `-` for standard input. Throws SessionError where nothing of it can be trained. */
export const openTraining = (plan: Plan, file: string, text: string, overrides: Overrides): Training =>
  trainingOf(selectRuns(locateData(plan, file), overrides), text, null);

/** Throws SessionError or RunFolderError where the folder holds no run that can go on. */
export const resumeTraining = async (folder: string): Promise<Training> => {
  const resumed = await readResume(folder);
  return trainingOf(resumed.plan, resumed.text, resumed);
};
