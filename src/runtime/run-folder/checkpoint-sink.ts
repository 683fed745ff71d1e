// Verb: a run folder under construction → where its checkpoints go, and when. One that cannot be written costs a warning, not the training.
import { join } from 'node:path';
import { type Digests, digestOfText, writeCheckpoint, writeWeights } from '../checkpoint/write-checkpoint.ts';
import type { CheckpointSink } from '../trainer/trainer.ts';
import { diskError } from './disk.ts';
import type { EventRecorder } from './record-events.ts';
import { type Disk, RunFolderError, type RunFolderRequest } from './run-folder.ts';

/** Names of the checkpoint in a run folder, and of the one before it. */
export const checkpointFile = 'checkpoint.safetensors';
export const previousCheckpointFile = 'checkpoint.previous.safetensors';
export const checkpointFiles = [checkpointFile, previousCheckpointFile] as const;

/** Seconds between checkpoints where the request names none. */
const checkpointEvery = 30;

export interface FolderCheckpoints extends CheckpointSink {
  /** The folder was lost and made again: a checkpoint is due. */
  lost(): void;
}

/** `ready` is waited for before anything is written; `recorder`: what it waits with is written first. */
export const checkpointSink = (
  disk: Disk,
  { texts, listener, checkpointEvery: every = checkpointEvery }: RunFolderRequest,
  partial: string,
  { ready, recorder }: { readonly ready: () => Promise<void>; readonly recorder: EventRecorder },
): FolderCheckpoints => {
  const digests: Digests = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, digestOfText(text)]));
  let wanted = false;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await ready();
      await work();
    } catch (error) {
      const known = diskError(error, partial);
      if (!(known instanceof RunFolderError)) throw error;
      listener({ type: 'warning', message: `${what} was not saved: ${known.message}` });
    }
  };
  return {
    every,
    wanted: () => wanted,
    save: async (checkpoint) => {
      wanted = false;
      const [path, previous] = checkpointFiles.map((name) => join(partial, name));
      await attempt('The checkpoint', async () => {
        recorder.flush();
        await writeCheckpoint(disk, path!, previous!, { checkpoint, texts: digests, events: recorder.written() });
      });
    },
    saveWeights: async (name, weights) => {
      await attempt(`Checkpoint ${name}`, async () => {
        await disk.mkdir(join(partial, 'checkpoints'));
        await writeWeights(disk, join(partial, 'checkpoints', `${name}.safetensors`), weights);
      });
    },
    lost: () => {
      wanted = true;
    },
  };
};
