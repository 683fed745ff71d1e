// Verb: the folder of an interrupted or killed run → its plan, its checkpoint, and the events up to there.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Plan } from '../compiler/plan/plan.ts';
import { TensorFileError } from '../runtime/checkpoint/safetensors.ts';
import { decodeCheckpoint, digestOfText, type StoredCheckpoint } from '../runtime/checkpoint/write-checkpoint.ts';
import type { DataFingerprint } from '../runtime/data/fingerprint.ts';
import type { RunEvent } from '../runtime/events.ts';
import { isLeftover, slug, timeName, timeOf } from '../runtime/run-folder/names.ts';
import { checkpointFile, previousCheckpointFile } from '../runtime/run-folder/open-run-folder.ts';
import { readEventsBefore } from '../runtime/run-folder/read-events.ts';
import { damaged, readBytes, readText, requireFolder } from '../runtime/run-folder/read-file.ts';
import { readModel } from '../runtime/run-folder/read-model.ts';
import { planFile, readPlanFile, weightsMisfit } from '../runtime/run-folder/read-plan-file.ts';
import { readResult, resultFile } from '../runtime/run-folder/read-result.ts';
import { RunFolderError } from '../runtime/run-folder/run-folder.ts';
import type { Checkpoint } from '../runtime/trainer/trainer.ts';
import { type Asked, readAsked } from './asked-file.ts';
import { readFingerprint } from './same-data.ts';
import { SessionError } from './session-error.ts';
import type { FinishedRun, ResumePoint } from './train-plan.ts';

export interface Resumed {
  /** With all runs of the file, if it has several. */
  readonly plan: Plan;
  readonly text: string;
  /** Where a run goes on; null: the first that is not finished begins anew, from its seed. */
  readonly point: ResumePoint | null;
  /** Runs that are finished, by name. */
  readonly finished: ReadonlyMap<string, FinishedRun>;
  /** At most so many train images; null: as the plan says. */
  readonly limit: number | null;
  /** Folder of all runs, and when the first of the file began: the rest goes beside what is there. */
  readonly out: string;
  readonly time: Date | null;
  /** What is to be said of what was found. */
  readonly notes: readonly string[];
  /** Removes what the killed process left, once the run has its folder; a folder that was finished stays. */
  removeLeftover(): Promise<void>;
}

const pipelineFile = 'pipeline.tlp';

/** Throws RunFolderError for one that is damaged. */
const decodeFile = async (folder: string, name: string): Promise<StoredCheckpoint> => {
  try {
    return decodeCheckpoint(await readBytes(folder, name));
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw damaged(folder, name, `cannot be used: ${error.message}`);
  }
};

interface FoundCheckpoint {
  readonly stored: StoredCheckpoint;
  /** Why it is not the newest one; null where it is. */
  readonly instead: string | null;
}

/** The newest checkpoint, or the one before it where that is damaged; null where the process was killed before its first. */
const readCheckpoint = async (folder: string): Promise<FoundCheckpoint | null> => {
  const [newest, previous] = [checkpointFile, previousCheckpointFile].map((name) => existsSync(join(folder, name)));
  if (!newest && !previous) {
    if (isLeftover(basename(folder))) return null;
    const cure = 'only the folder of an interrupted or killed run can be resumed';
    throw damaged(folder, checkpointFile, 'is missing', cure);
  }
  try {
    return { stored: await decodeFile(folder, checkpointFile), instead: null };
  } catch (error) {
    if (!previous || !(error instanceof RunFolderError)) throw error;
    const before = await decodeFile(folder, previousCheckpointFile).catch(() => null);
    if (before === null) throw error;
    return { stored: before, instead: error.message };
  }
};

/** One run, as its own folder has it. */
interface OwnFiles {
  readonly plan: Plan;
  readonly text: string;
  readonly checkpoint: Checkpoint | null;
  readonly events: readonly RunEvent[];
  readonly data: DataFingerprint | null;
  readonly notes: readonly string[];
}

const readOwn = async (folder: string): Promise<OwnFiles> => {
  const text = await readText(folder, pipelineFile, { empty: true });
  const found = await readCheckpoint(folder);
  const { plan, run, text: planText } = await readPlanFile(folder);
  if (found === null) return { plan, text, checkpoint: null, events: [], data: null, notes: [] };
  const { checkpoint, texts, events: written } = found.stored;
  for (const [name, content] of [
    [planFile, planText],
    [pipelineFile, text],
  ] as const) {
    if (texts[name] !== undefined && texts[name] !== digestOfText(content)) {
      throw damaged(folder, name, `is not the one that ${checkpointFile} was made for: it was changed or damaged`);
    }
  }
  const misfit = weightsMisfit(run, checkpoint.weights);
  if (misfit !== null || checkpoint.state.stage >= run.stages.length) {
    const problem = `is not of the network of ${planFile} (${misfit ?? 'another number of stages'})`;
    throw damaged(folder, checkpointFile, problem, 'resume it with the version of tlp that wrote it, or run it anew');
  }
  const events = await readEventsBefore(folder, checkpoint.state.finished, written);
  const notes = found.instead === null ? [] : [`${found.instead}. The run goes on from the checkpoint before it.`];
  return { plan, text, checkpoint, events, data: await readFingerprint(folder), notes };
};

const isUnfinished = async (folder: string): Promise<boolean> =>
  existsSync(join(folder, resultFile)) && (await readResult(folder)).status === 'interrupted';

/** Folders of a run in the common folder of several: the first, and those of later attempts. */
const attemptsAt = (common: string, run: string): readonly string[] => {
  const names: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const folder = join(common, slug(run) + (attempt === 1 ? '' : `-${attempt}`));
    if (!existsSync(folder)) return names;
    names.push(folder);
  }
};

const finishedIn = async (common: string, plan: Plan): Promise<ReadonlyMap<string, FinishedRun>> => {
  const finished = new Map<string, FinishedRun>();
  for (const { name } of plan.runs) {
    for (const folder of attemptsAt(common, name)) {
      if (await isUnfinished(folder)) continue;
      const result = await readResult(folder);
      finished.set(name, { result, weights: async () => (await readModel(folder)).weights });
    }
  }
  return finished;
};

/** What the folder named by the person is: of one run, or the common one of several. */
interface Place {
  /** Of the run that goes on; null: the next one of `common` begins. */
  readonly own: string | null;
  /** Null where the file has one run. */
  readonly common: string | null;
  readonly out: string;
  readonly time: Date | null;
}

/** The run of a common folder that was cut off: what a killed process left beside it, or the last interrupted one in it. */
const cutOff = async (common: string, time: string): Promise<string | null> => {
  const parent = join(common, '..');
  const [left] = (await readdir(parent)).filter((name) => name.startsWith(`.partial-${time}-`) && isLeftover(name));
  if (left !== undefined) return join(parent, left);
  for (const name of (await readdir(common)).sort().reverse()) {
    const folder = join(common, name);
    if (existsSync(join(folder, checkpointFile)) && (await isUnfinished(folder))) return folder;
  }
  return null;
};

/** Paths stay as the person wrote them, relative ones too. */
const placeOf = async (folder: string): Promise<{ readonly place: Place; readonly asked: Asked | null }> => {
  const up = (levels: number): string => join(folder, ...Array.from({ length: levels }, () => '..'));
  const name = basename(resolve(folder));
  const time = timeOf(name);
  const ofSeveral = await readAsked(folder);
  if (ofSeveral !== null)
    return { place: { own: await cutOff(folder, name), common: folder, out: up(2), time }, asked: ofSeveral };
  const isPartial = name.startsWith('.partial-') && time !== null;
  const common = isPartial ? join(up(1), timeName(time)) : up(1);
  const asked = await readAsked(common);
  if (asked === null) return { place: { own: folder, common: null, out: up(2), time }, asked };
  return { place: { own: folder, common, out: up(isPartial ? 2 : 3), time: timeOf(basename(resolve(common))) }, asked };
};

/** Throws SessionError or RunFolderError, one line with the cure, when the folder does not hold a run that can go on. */
export const readResume = async (folder: string): Promise<Resumed> => {
  await requireFolder(folder);
  const { place, asked } = await placeOf(folder);
  const { own, common, out, time } = place;
  const files = own === null ? null : await readOwn(own);
  const plan = asked?.plan ?? files?.plan;
  if (plan === undefined) throw new SessionError(`${folder} holds no run that can go on`);
  const name = files?.plan.runs[0]?.name;
  if (files !== null && !plan.runs.some((run) => run.name === name))
    throw damaged(folder, planFile, `is of the run "${name}", which the runs beside it do not have`);
  const { checkpoint = null, events = [], data = null } = files ?? {};
  return {
    plan,
    text: asked?.text ?? files?.text ?? '',
    point:
      checkpoint === null || name === undefined || own === null
        ? null
        : { run: name, data, checkpoint, events, folder: own },
    finished: common === null ? new Map() : await finishedIn(common, plan),
    limit: asked?.limit ?? null,
    out,
    time,
    notes: files?.notes ?? [],
    removeLeftover: async () => {
      if (own !== null && isLeftover(basename(own))) await rm(own, { recursive: true, force: true });
    },
  };
};
