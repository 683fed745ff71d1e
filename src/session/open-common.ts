// Verb: a plan of several runs → their common folder, claimed for them, with what was asked in it until all have ended.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskError, realDisk, systemCode } from '../runtime/run-folder/disk.ts';
import { slug, timeName } from '../runtime/run-folder/names.ts';
import { type Asked, removeAsked, writeAsked } from './asked-file.ts';

export interface CommonRequest {
  readonly asked: Asked;
  /** Folder of all runs. */
  readonly out: string;
  /** The moment that the folder is to be named for. */
  readonly time: Date;
  /** The folder is there: its runs go on. */
  readonly goesOn: boolean;
}

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
export const openCommon = async ({ asked, out, time: wanted, goesOn }: CommonRequest): Promise<CommonFolder> => {
  const parent = join(out, slug(asked.plan.pipeline));
  const removeEmpty = async (): Promise<void> => {
    for (const empty of [parent, out]) await realDisk.removeEmpty(empty);
  };
  try {
    await realDisk.mkdir(parent);
    const time = goesOn ? wanted : await claim(parent, wanted);
    const folder = join(parent, timeName(time));
    await writeAsked(folder, asked);
    return {
      time,
      close: async (ended) => {
        if (!ended) return;
        await removeAsked(folder);
        await removeEmpty();
      },
    };
  } catch (error) {
    await removeEmpty();
    throw diskError(error, parent);
  }
};
