// Verb: the folder of an interrupted or killed run → its plan, its checkpoint, and the events up to there.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Plan } from '../compiler/plan/plan.ts';
import { verifyPlan } from '../compiler/plan/verify.ts';
import { TensorFileError } from '../runtime/checkpoint/safetensors.ts';
import { decodeCheckpoint } from '../runtime/checkpoint/write-checkpoint.ts';
import type { RunEvent } from '../runtime/events.ts';
import { isLeftover } from '../runtime/run-folder/names.ts';
import { checkpointFile } from '../runtime/run-folder/open-run-folder.ts';
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

const unreadable = (path: string) => (error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const what =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? 'is not there: only the folder of an interrupted or killed run can be resumed'
      : `cannot be read (${code || String(error)})`;
  throw new SessionError(`${path} ${what}`);
};

/** Events of the epochs that the checkpoint has behind it. A line that was cut by the kill is left out. */
const eventsBefore = (lines: string, finished: number): readonly RunEvent[] =>
  lines.split('\n').flatMap((line) => {
    let event: RunEvent;
    try {
      event = JSON.parse(line) as RunEvent;
    } catch {
      return [];
    }
    return 'epoch' in event && event.epoch <= finished && event.type !== 'callback' ? [event] : [];
  });

/** Throws SessionError when the folder does not hold a run that can go on. */
export const readResume = async (folder: string): Promise<Resumed> => {
  const file = (name: string) => readFile(join(folder, name)).catch(unreadable(join(folder, name)));
  const text = (await file('pipeline.tlp')).toString();
  if (isLeftover(basename(folder)) && !existsSync(join(folder, checkpointFile))) {
    throw new SessionError(`${folder} was killed before its first checkpoint: nothing can be resumed, run it anew`);
  }
  const checkpointBytes = await file(checkpointFile);
  const planText = (await file('plan.yaml')).toString();
  let checkpoint: Checkpoint;
  try {
    checkpoint = decodeCheckpoint(checkpointBytes);
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw new SessionError(`${join(folder, checkpointFile)} cannot be used: ${error.message}`);
  }
  const plan: unknown = parse(planText);
  const problems = verifyPlan(plan);
  if (problems.length > 0) {
    throw new SessionError(`${join(folder, 'plan.yaml')} is not a plan of this version of tlp: ${problems[0]}`);
  }
  const events = eventsBefore((await file('events.jsonl')).toString(), checkpoint.state.finished);
  return {
    ...{ plan: plan as Plan, text, checkpoint, events },
    removeLeftover: async () => {
      if (isLeftover(basename(folder))) await rm(folder, { recursive: true, force: true });
    },
  };
};
