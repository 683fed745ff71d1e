// Noun and verb: what is to be trained: a checked pipeline with what was asked for, or runs that go on.
import type { Plan } from '../compiler/plan/plan.ts';
import { type NotRunYet, notRunYetLine, type TrainablePlan, trainablePlan } from '../compiler/plan/trainable.ts';
import { locateData } from './locate-data.ts';
import { type Resumption, resumeFrom } from './resume-training.ts';
import { type Overrides, selectRuns } from './select-runs.ts';
import { SessionError } from './session-error.ts';

export interface Training {
  /** Runs that can be trained, in the order to train them. */
  readonly plan: TrainablePlan;
  /** Runs that cannot be trained yet, and why. */
  readonly missing: readonly NotRunYet[];
  /** The pipeline as the file has it. */
  readonly text: string;
  /** The runs go on from here. */
  readonly resumed: Resumption | null;
}

const trainingOf = (wanted: Plan, text: string, resumed: Resumption | null): Training => {
  const { plan, missing } = trainablePlan(wanted);
  if (plan.runs.length === 0) throw new SessionError(notRunYetLine(missing));
  return { plan, missing, text, resumed };
};

/** `file` is where the plan was written, `-` for standard input. Throws SessionError where nothing of it can be trained. */
export const openTraining = (plan: Plan, file: string, text: string, overrides: Overrides): Training =>
  trainingOf(selectRuns(locateData(plan, file), overrides), text, null);

/** Throws SessionError or RunFolderError where the folder holds no run that can go on. */
export const resumeTraining = async (folder: string): Promise<Training> => {
  const resumed = await resumeFrom(folder);
  return trainingOf(resumed.plan, resumed.text, resumed);
};
