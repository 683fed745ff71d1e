// Verb: the folder of all runs → the run that can go on and was the last to stop.
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftover } from '../runtime/run-folder/names.ts';
import { checkpointFile } from '../runtime/run-folder/open-run-folder.ts';
import { planFile } from '../runtime/run-folder/read-plan-file.ts';
import { askedFile } from './asked-file.ts';
import { SessionError } from './session-error.ts';

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The file by whose time a folder is judged; null where nothing in the folder can go on. A finished run has no checkpoint. */
const witness = (folder: string, name: string): string | null => {
  const there = [checkpointFile, askedFile].find((file) => existsSync(join(folder, file)));
  if (name.startsWith('.partial-')) return isLeftover(name) ? (there ?? planFile) : null;
  return there ?? null;
};

/** `root` is the folder of all runs. Throws SessionError where none can go on. */
export const findResumable = async (root: string): Promise<string> => {
  let latest: { readonly folder: string; readonly time: number } | null = null;
  for (const pipeline of await foldersIn(root)) {
    for (const name of await foldersIn(join(root, pipeline))) {
      const folder = join(root, pipeline, name);
      const file = witness(folder, name);
      const found = file === null ? null : await stat(join(folder, file)).catch(() => null);
      if (found !== null && (latest === null || found.mtimeMs > latest.time)) latest = { folder, time: found.mtimeMs };
    }
  }
  if (latest === null) {
    throw new SessionError(
      `${root} holds no run that was interrupted or killed: --resume FOLDER names one elsewhere, --out another root`,
    );
  }
  return latest.folder;
};
