// Verb: a folder of runs → what processes that are gone left in it: told apart, and cleared away where nothing was learned.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Listener } from '../events.ts';
import { checkpointFiles } from './checkpoint-sink.ts';
import { ownerOf, readPartialName } from './names.ts';
import { type Disk, RunFolderError } from './run-folder.ts';

/**
 * `live`: its process builds it; `resumable`: its process is gone, and it can go on from its checkpoint; `begun`: its process is gone, and it
 * has no checkpoint: it can only begin anew.
 */
export type Standing = 'live' | 'resumable' | 'begun';

export interface Leftover {
  readonly path: string;
  /** Name of the folder that it was to become. */
  readonly place: string;
  /** The machine of its process; null where it is this one. */
  readonly host: string | null;
  readonly pid: number;
  readonly standing: Standing;
}

/** A process of another machine marks its folder every few seconds; one without a mark for so many milliseconds is gone. */
const SILENT = 120_000;

const isSilent = (path: string): boolean => {
  try {
    return Date.now() - statSync(path).mtimeMs > SILENT;
  } catch {
    return true;
  }
};

/** What a folder under construction is; null for any other folder. */
export const leftoverOf = async (
  disk: Pick<Disk, 'exists'>,
  parent: string,
  name: string,
): Promise<Leftover | null> => {
  const partial = readPartialName(name);
  if (partial === null) return null;
  const { place, pid, host } = partial;
  const path = join(parent, name);
  const owner = ownerOf(partial);
  const isLive = owner === 'live' || (owner === 'foreign' && !isSilent(path));
  const saved = (await Promise.all(checkpointFiles.map((file) => disk.exists(join(path, file))))).includes(true);
  const standing = isLive ? 'live' : saved ? 'resumable' : 'begun';
  return { path, place, host: owner === 'foreign' ? host : null, pid, standing };
};

/** A run is trained by one process at a time. */
export const liveError = (folder: string, pid: number): RunFolderError =>
  new RunFolderError(
    `${folder} is being trained by process ${pid}: wait for it, or end it (kill ${pid}) and try again`,
  );

/** All folders under construction in a folder, those of live processes too. */
export const listLeftovers = async (
  disk: Pick<Disk, 'exists' | 'list'>,
  parent: string,
): Promise<readonly Leftover[]> => {
  const found = await Promise.all((await disk.list(parent)).map((name) => leftoverOf(disk, parent, name)));
  return found.filter((each) => each !== null);
};

/** Removes what processes of this machine that are gone left before they had learned anything; tells of what can go on. */
export const cleanLeftovers = async (
  disk: Pick<Disk, 'exists' | 'list' | 'remove'>,
  parent: string,
  tell: Listener,
): Promise<void> => {
  for (const { path, host, standing } of await listLeftovers(disk, parent)) {
    if (host !== null || standing === 'live') continue;
    if (standing === 'begun') await disk.remove(path);
    else {
      const message = `A run was killed; go on with it by tlp run --resume "${path}", or remove it by tlp clean --all.`;
      tell({ type: 'warning', message });
    }
  }
};
