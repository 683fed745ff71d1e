// Verb: the folder of all runs → without what processes that are gone left in it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Leftover, listLeftovers } from '../runtime/run-folder/clean-leftovers.ts';
import { diskError, realDisk } from '../runtime/run-folder/disk.ts';
import { requireFolder } from '../runtime/run-folder/read-file.ts';

export interface CleanedFolder extends Leftover {
  readonly removed: boolean;
}

/** A folder of runs, those of its pipelines, and the common ones of several runs. */
const levelsOf = async (root: string): Promise<readonly string[]> => {
  const inside = async (folder: string): Promise<readonly string[]> =>
    (await readdir(folder, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => join(folder, name));
  const pipelines = await inside(root);
  return [root, ...pipelines, ...(await Promise.all(pipelines.map(inside))).flat()];
};

/** Nothing was learned in it, and its process was of this machine; `all`: whatever it holds, but that a live process builds it. */
const isWaste = ({ standing, host }: Leftover, all: boolean): boolean =>
  standing !== 'live' && (all || (standing === 'begun' && host === null));

/** All folders under construction below `root`, in the order of their paths. Finished runs are not touched. Throws RunFolderError. */
export const cleanRuns = async (root: string, all: boolean): Promise<readonly CleanedFolder[]> => {
  await requireFolder(root);
  const found = (await Promise.all((await levelsOf(root)).map((folder) => listLeftovers(realDisk, folder)))).flat();
  const cleaned: CleanedFolder[] = [];
  for (const each of found.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const removed = isWaste(each, all);
    if (removed)
      await realDisk.remove(each.path).catch((error: unknown) => {
        throw diskError(error, each.path);
      });
    cleaned.push({ ...each, removed });
  }
  return cleaned;
};
