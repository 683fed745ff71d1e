// Verb: a plan of several runs → their common folder, claimed for them, with what was asked in it until all have ended.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, realDisk, systemCode } from '../runtime/run-folder/disk.ts';
import { slug, timeName } from '../runtime/run-folder/names.ts';
import { removeAsked, writeAsked } from './asked-file.ts';
import type { TrainPlanRequest } from './train-plan.ts';

export interface CommonFolder {
  /** The moment that it is named for. */
  readonly time: Date;
  /** `ended`: nothing of what was asked is left to do. */
  close(ended: boolean): Promise<void>;
}

/** The first second from this one on whose folder nobody has. */
const claim = async (parent: string, from: Date): Promise<Date> => {
  for (let time = from; ; time = new Date(time.getTime() + 1000)) {
    try {
      await mkdir(join(parent, timeName(time)));
      return time;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
};

/** Throws RunFolderError. */
export const openCommon = async (request: TrainPlanRequest): Promise<CommonFolder> => {
  const { plan, text, limit = null, out } = request;
  const parent = join(out, slug(plan.pipeline));
  try {
    await realDisk.mkdir(parent);
    const goesOn = request.finished !== undefined && request.time !== undefined;
    const time = goesOn ? request.time : await claim(parent, request.time ?? new Date());
    const folder = join(parent, timeName(time));
    await writeAsked(folder, { plan, text, limit });
    return {
      time,
      close: async (ended) => {
        if (!ended) return;
        await removeAsked(folder);
        for (const empty of [parent, dirname(parent)]) await realDisk.removeEmpty(empty);
      },
    };
  } catch (error) {
    for (const empty of [parent, dirname(parent)]) await realDisk.removeEmpty(empty);
    throw diskError(error, parent);
  }
};
