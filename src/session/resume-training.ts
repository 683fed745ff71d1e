// Verb: a folder that a person names → all runs that belong to it, and how far each of them is.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import type { RunResult } from '../runtime/events.ts';
import { leftoverOf } from '../runtime/run-folder/clean-leftovers.ts';
import { realDisk } from '../runtime/run-folder/disk.ts';
import { requireFolder } from '../runtime/run-folder/read-file.ts';
import { planFile, readPlanFile } from '../runtime/run-folder/read-plan-file.ts';
import { readResult, resultFile } from '../runtime/run-folder/read-result.ts';
import { isResumable } from '../runtime/run-state.ts';
import { askedFile, readAsked, removeAsked } from './asked-file.ts';
import { folderNow } from './find-resumable.ts';
import { type BegunRun, readResume } from './read-resume.ts';
import { SessionError } from './session-error.ts';

/** How far a run is of which there is a folder. */
export type RunSoFar =
  | { readonly kind: 'done'; readonly folder: string; readonly result: RunResult }
  | ({ readonly kind: 'begun' } & BegunRun);

export interface Resumption {
  /** Of all runs, in the order to train them. */
  readonly plan: Plan;
  readonly text: string;
  readonly limit: number | undefined;
  /** Where the file has several runs: their common folder. */
  readonly common: string | null;
  /** By name; a run that is not there has not begun. */
  readonly runs: ReadonlyMap<string, RunSoFar>;
}

/** The run whose folder this is; null where it is none, or a killed one that has not even its plan. */
const runIn = async (parent: string, name: string): Promise<RunSoFar | null> => {
  const folder = join(parent, name);
  if (existsSync(join(folder, resultFile)) && !name.startsWith('.')) {
    const result = await readResult(folder);
    if (!isResumable(result)) return { kind: 'done', folder, result: { ...result, folder } };
    return { kind: 'begun', ...(await readResume(folder)) };
  }
  const left = await leftoverOf(realDisk, parent, name);
  if (left === null || !existsSync(join(folder, planFile))) return null;
  return { kind: 'begun', ...(await readResume(folder)) };
};

const nameOf = async (run: RunSoFar): Promise<string> =>
  run.kind === 'done' ? run.result.name : (await readPlanFile(run.folder)).run.name;

/** A run that is done or has a checkpoint counts more than one that began. */
const worth = (run: RunSoFar): number => (run.kind === 'done' ? 2 : run.checkpoint === null ? 0 : 1);

const runsOf = async (common: string): Promise<ReadonlyMap<string, RunSoFar>> => {
  const runs = new Map<string, RunSoFar>();
  for (const name of await realDisk.list(common)) {
    const run = await runIn(common, name);
    if (run === null) continue;
    const key = await nameOf(run);
    const known = runs.get(key);
    if (known === undefined || worth(known) < worth(run)) runs.set(key, run);
  }
  return runs;
};

/** A run that began has its plan complete, with what its data told. */
const withBegun = (planned: RunPlan, run: RunSoFar | undefined): RunPlan =>
  run?.kind === 'begun' ? (run.plan.runs[0] ?? planned) : planned;

/** `common` has what was asked. */
const resumeAll = async (common: string): Promise<Resumption | null> => {
  const asked = await readAsked(common);
  if (asked === null) return null;
  const { plan, text, limit } = asked;
  const runs = await runsOf(common);
  if (plan.runs.every(({ name }) => runs.get(name)?.kind === 'done')) {
    // killed between the end of the last run and this
    await removeAsked(common);
    throw new SessionError(`every run of ${common} is finished: there is nothing to go on with`);
  }
  const all = { ...plan, runs: plan.runs.map((run) => withBegun(run, runs.get(run.name))) };
  return { plan: all, text, limit: limit ?? undefined, common, runs };
};

/**
 * `named`: the folder of a run, or of a file with several: then all that is left of it is trained. Throws SessionError or RunFolderError
 * where nothing can go on.
 */
export const resumeFrom = async (named: string): Promise<Resumption> => {
  const folder = await folderNow(named);
  await requireFolder(folder);
  const common = [folder, dirname(folder)].find((each) => existsSync(join(each, askedFile)));
  const all = common === undefined ? null : await resumeAll(common);
  if (all !== null) return all;
  const begun = await readResume(folder);
  const name = begun.plan.runs[0]?.name ?? basename(folder);
  const runs = new Map([[name, { kind: 'begun', ...begun } as const]]);
  return { plan: begun.plan, text: begun.texts['pipeline.tlp'], limit: undefined, common: null, runs };
};
