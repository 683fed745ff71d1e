// Verb: the folder of an interrupted or killed run → its plan, its checkpoint, and the events up to there.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import { TensorFileError } from '../runtime/checkpoint/safetensors.ts';
import { decodeCheckpoint, digestOfText, type StoredCheckpoint } from '../runtime/checkpoint/write-checkpoint.ts';
import type { DataFingerprint } from '../runtime/data/fingerprint.ts';
import { checkpointFile, checkpointFiles, previousCheckpointFile } from '../runtime/run-folder/checkpoint-sink.ts';
import { leftoverOf, liveError } from '../runtime/run-folder/clean-leftovers.ts';
import { realDisk } from '../runtime/run-folder/disk.ts';
import { readEventsBefore } from '../runtime/run-folder/read-events.ts';
import { damaged, readBytes, readText, requireFolder } from '../runtime/run-folder/read-file.ts';
import { planFile, readPlanFile, weightsMisfit } from '../runtime/run-folder/read-plan-file.ts';
import { readResult, resultFile } from '../runtime/run-folder/read-result.ts';
import { type PastEvents, RunFolderError } from '../runtime/run-folder/run-folder.ts';
import { isResumable } from '../runtime/run-state.ts';
import type { Checkpoint } from '../runtime/trainer/trainer.ts';
import { dataFile, readFingerprint } from './same-data.ts';
import { SessionError } from './session-error.ts';

/** A run that began and has not ended. */
export interface BegunRun {
  readonly folder: string;
  /** Of this run alone. */
  readonly plan: Plan;
  /** The pipeline, its plan, and what its data are known by, as they stand in the folder. */
  readonly texts: Readonly<Record<'pipeline.tlp' | 'plan.yaml', string>>;
  /** What its data were known by; null: nobody knows. */
  readonly data: DataFingerprint | null;
  /** Null where it was killed before the first: it begins anew from its seed. */
  readonly checkpoint: Checkpoint | null;
  /** What happened before the checkpoint. */
  readonly past: PastEvents;
  /** What is to be said of what was found. */
  readonly notes: readonly string[];
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

const hasCheckpoint = (folder: string): boolean => checkpointFiles.some((name) => existsSync(join(folder, name)));

interface FoundCheckpoint {
  readonly stored: StoredCheckpoint;
  /** Why it is not the newest one; null where it is. */
  readonly instead: string | null;
}

/** The newest checkpoint, or the one before it where that is damaged; null where the run was `killed` before its first. */
const readCheckpoint = async (folder: string, killed: boolean): Promise<FoundCheckpoint | null> => {
  if (!hasCheckpoint(folder)) {
    if (killed) return null;
    const cure = 'only the folder of an interrupted or killed run can be resumed';
    throw damaged(folder, checkpointFile, 'is missing', cure);
  }
  try {
    return { stored: await decodeFile(folder, checkpointFile), instead: null };
  } catch (error) {
    if (!existsSync(join(folder, previousCheckpointFile)) || !(error instanceof RunFolderError)) throw error;
    const before = await decodeFile(folder, previousCheckpointFile).catch(() => null);
    if (before === null) throw error;
    return { stored: before, instead: error.message };
  }
};

/** Throws where the folder is built by a live process, or was killed before it had its plan. */
const requireDead = async (folder: string): Promise<boolean> => {
  const left = await leftoverOf(realDisk, dirname(folder), basename(folder));
  if (left === null) return false;
  if (left.standing === 'live') throw liveError(folder, left.pid);
  if (!existsSync(join(folder, planFile)) && left.standing === 'begun') {
    throw new SessionError(`${folder} was killed while it was made: nothing was learned, run the pipeline anew`);
  }
  return true;
};

/** Throws SessionError where the run has ended. */
const requireUnfinished = async (folder: string): Promise<void> => {
  if (!existsSync(join(folder, resultFile)) || !hasCheckpoint(folder)) return;
  const result = await readResult(folder);
  if (!isResumable(result)) throw new SessionError(`${folder} is finished: there is nothing to go on with`);
};

/** Texts and weights must be those that the checkpoint was made for. */
const requireFitting = (folder: string, run: RunPlan, stored: StoredCheckpoint, texts: BegunRun['texts']): void => {
  for (const [name, content] of Object.entries(texts)) {
    if (stored.texts[name] !== undefined && stored.texts[name] !== digestOfText(content)) {
      throw damaged(folder, name, `is not the one that ${checkpointFile} was made for: it was changed or damaged`);
    }
  }
  const { state, weights } = stored.checkpoint;
  const misfit = weightsMisfit(run, weights);
  if (misfit !== null || state.stage >= run.stages.length) {
    const problem = `is not of the network of ${planFile} (${misfit ?? 'another number of stages'})`;
    throw damaged(folder, checkpointFile, problem, 'resume it with the version of tlp that wrote it, or run it anew');
  }
};

/** Throws SessionError or RunFolderError, one line with the cure, when the folder does not hold a run that can go on. */
export const readResume = async (folder: string): Promise<BegunRun> => {
  await requireFolder(folder);
  const killed = await requireDead(folder);
  const text = await readText(folder, pipelineFile, { empty: true });
  const found = await readCheckpoint(folder, killed);
  if (!killed) await requireUnfinished(folder);
  const { plan, run, text: planText } = await readPlanFile(folder);
  const data = await readFingerprint(folder);
  const known = data === null ? {} : { [dataFile]: await readText(folder, dataFile) };
  const texts = { [pipelineFile]: text, [planFile]: planText, ...known } as const;
  const begun = { folder, plan, texts, data };
  if (found === null) return { ...begun, checkpoint: null, past: { events: [], text: '' }, notes: [] };
  const { stored, instead } = found;
  requireFitting(folder, run, stored, texts);
  const past = await readEventsBefore(folder, stored.checkpoint.state.finished, stored.events);
  const notes = instead === null ? [] : [`${instead}. The run goes on from the checkpoint before it.`];
  return { ...begun, checkpoint: stored.checkpoint, past, notes };
};
