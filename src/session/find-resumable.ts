// Verb: what a person names to go on with, or nothing → the folder of a run, or the common one of several, as it is now.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkpointFiles } from '../runtime/run-folder/checkpoint-sink.ts';
import { leftoverOf, listLeftovers } from '../runtime/run-folder/clean-leftovers.ts';
import { realDisk } from '../runtime/run-folder/disk.ts';
import { planFile } from '../runtime/run-folder/read-plan-file.ts';
import { readResult, resultFile } from '../runtime/run-folder/read-result.ts';
import { isResumable } from '../runtime/run-state.ts';
import { askedFile } from './asked-file.ts';
import { SessionError } from './session-error.ts';

/**
 * A folder that is not there may be under construction: a run that went on in it was killed. Then that is the folder. Else the one that
 * was named.
 */
export const folderNow = async (folder: string): Promise<string> => {
  if (existsSync(folder)) return folder;
  const left = await listLeftovers(realDisk, dirname(folder));
  return left.find(({ place }) => place === basename(folder))?.path ?? folder;
};

/** Whether a folder is of a run that was cut off, or holds runs that are not all finished; and no live process trains them. */
const canGoOn = async (parent: string, name: string): Promise<boolean> => {
  const folder = join(parent, name);
  const left = await leftoverOf(realDisk, parent, name);
  if (left !== null) return left.standing !== 'live' && existsSync(join(folder, planFile));
  if (existsSync(join(folder, askedFile))) {
    return (await listLeftovers(realDisk, folder)).every(({ standing }) => standing !== 'live');
  }
  const there = (file: string): boolean => existsSync(join(folder, file));
  if (!there(resultFile) || !checkpointFiles.some(there)) return false;
  return readResult(folder).then(isResumable, () => false);
};

/** `root` is the folder of all runs. The one that was the last to stop. Throws SessionError where none can go on. */
export const findResumable = async (root: string): Promise<string> => {
  let latest: { readonly folder: string; readonly time: number } | null = null;
  for (const pipeline of await realDisk.list(root)) {
    for (const name of await realDisk.list(join(root, pipeline))) {
      if (!(await canGoOn(join(root, pipeline), name))) continue;
      const folder = join(root, pipeline, name);
      const { mtimeMs: time } = await stat(folder);
      if (latest === null || time > latest.time) latest = { folder, time };
    }
  }
  if (latest === null) {
    throw new SessionError(
      `${root} holds no run that was interrupted or killed: --resume FOLDER names one elsewhere, --out another root`,
    );
  }
  return latest.folder;
};
