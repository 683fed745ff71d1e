// Verb: a plan of several runs → their common folder, claimed for them, with what was asked in it until all have ended.
import { join } from 'node:path';
import { claimPlace } from '../runtime/run-folder/claim-place.ts';
import { listLeftovers, liveError } from '../runtime/run-folder/clean-leftovers.ts';
import { diskError, realDisk } from '../runtime/run-folder/disk.ts';
import { partialName, slug, timeName } from '../runtime/run-folder/names.ts';
import { type Asked, removeAsked, writeAsked } from './asked-file.ts';

export interface CommonFolder {
  readonly folder: string;
  /** `ended`: nothing of what was asked is left to do. A folder without any run is gone in any case. */
  close(ended: boolean): Promise<void>;
}

/** The process that trains the runs leaves its mark, as if it built the folder of a run: one whose name no run can have. */
const mark = '.common';

const hold = async (folder: string): Promise<CommonFolder> => {
  const own = join(folder, partialName(mark));
  await realDisk.mkdir(own);
  return {
    folder,
    close: async (ended) => {
      await realDisk.remove(own).catch(() => {});
      const runs = (await realDisk.list(folder)).length > 1;
      if (ended || !runs) await removeAsked(folder);
      for (const empty of [join(folder, '..'), join(folder, '..', '..')]) await realDisk.removeEmpty(empty);
    },
  };
};

/** Two processes of one second get two. Throws RunFolderError. */
export const openCommon = async (out: string, time: Date, asked: Asked): Promise<CommonFolder> => {
  const parent = join(out, slug(asked.plan.pipeline));
  try {
    const folder = await claimPlace(realDisk, parent, timeName(time));
    await writeAsked(folder, asked);
    return await hold(folder);
  } catch (error) {
    for (const empty of [parent, out]) await realDisk.removeEmpty(empty);
    throw diskError(error, parent);
  }
};

/** The folder of runs that go on. Throws RunFolderError where a live process trains them. */
export const reopenCommon = async (folder: string): Promise<CommonFolder> => {
  for (const { path, place, standing, pid } of await listLeftovers(realDisk, folder)) {
    if (standing === 'live') throw liveError(folder, pid);
    if (place === mark) await realDisk.remove(path);
  }
  return hold(folder);
};
