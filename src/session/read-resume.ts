// Verb: the folder of an interrupted or killed run → its plan, its checkpoint, and the events up to there.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plan } from '../compiler/plan/plan.ts';
import { TensorFileError } from '../runtime/checkpoint/safetensors.ts';
import { decodeCheckpoint, digestOfText, type StoredCheckpoint } from '../runtime/checkpoint/write-checkpoint.ts';
import type { RunEvent } from '../runtime/events.ts';
import { isLeftover } from '../runtime/run-folder/names.ts';
import { checkpointFile } from '../runtime/run-folder/open-run-folder.ts';
import { readEventsBefore } from '../runtime/run-folder/read-events.ts';
import { damaged, readBytes, readText, requireFolder } from '../runtime/run-folder/read-file.ts';
import { planFile, readPlanFile, weightsMisfit } from '../runtime/run-folder/read-plan-file.ts';
import type { Checkpoint } from '../runtime/trainer/trainer.ts';
import { SessionError } from './session-error.ts';

export interface Resumed {
  readonly plan: Plan;
  readonly text: string;
  readonly checkpoint: Checkpoint;
  /** What happened before the checkpoint. */
  readonly events: readonly RunEvent[];
  /** Removes what the killed process left, once the run has its folder; a folder that was finished stays. */
  removeLeftover(): Promise<void>;
}

const pipelineFile = 'pipeline.tlp';

const readCheckpoint = async (folder: string): Promise<StoredCheckpoint> => {
  if (!existsSync(join(folder, checkpointFile))) {
    if (isLeftover(basename(folder))) {
      throw new SessionError(`${folder} was killed before its first checkpoint: nothing can be resumed, run it anew`);
    }
    const cure = 'only the folder of an interrupted or killed run can be resumed';
    throw damaged(folder, checkpointFile, 'is missing', cure);
  }
  try {
    return decodeCheckpoint(await readBytes(folder, checkpointFile));
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw damaged(folder, checkpointFile, `cannot be used: ${error.message}`);
  }
};

/** Throws SessionError or RunFolderError, one line with the cure, when the folder does not hold a run that can go on. */
export const readResume = async (folder: string): Promise<Resumed> => {
  await requireFolder(folder);
  const text = await readText(folder, pipelineFile, { empty: true });
  const { checkpoint, texts } = await readCheckpoint(folder);
  const { plan, run, text: planText } = await readPlanFile(folder);
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
  const events = await readEventsBefore(folder, checkpoint.state.finished);
  return {
    plan,
    text,
    checkpoint,
    events,
    removeLeftover: async () => {
      if (isLeftover(basename(folder))) await rm(folder, { recursive: true, force: true });
    },
  };
};
