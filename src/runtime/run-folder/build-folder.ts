// Verb: what is known before the training → the files of a run folder under construction, whole again where somebody removed it.
import { dirname, join } from 'node:path';
import { type ExtraFiles, extraBytes } from './extra-files.ts';
import { modelJson, weightBytes } from './model-files.ts';
import { type Disk, RunFolderError, type RunFolderRequest } from './run-folder.ts';

/** Room for events, history and texts, in bytes. */
const slack = 16 * 2 ** 20;
/** Part of it is taken at once and given back at the end: a disk that fills up meanwhile does not cost the run. */
export const reserve = { file: 'reserve', bytes: 4 * 2 ** 20 } as const;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** The files that the request names, besides model, events and history. The texts come last: a folder that has them is whole. */
export const filesOf = ({ texts, binaries, extras }: RunFolderRequest): ExtraFiles => ({
  ...binaries,
  ...extras,
  ...texts,
});

/** Writes files below a folder, with the folders that their names begin with. */
export const writeFiles = async (disk: Disk, folder: string, files: ExtraFiles): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    if (name.includes('/')) await disk.mkdir(dirname(join(folder, name)));
    await disk.writeFile(join(folder, name), content);
  }
};

/** Throws RunFolderError where the disk has less room than what is still to be written. */
export const requireRoom = async (disk: Disk, request: RunFolderRequest, folder: string): Promise<void> => {
  const files = request.resume === undefined ? weightBytes(request.model) + extraBytes(filesOf(request)) : 0;
  const needed = files + slack;
  const free = await disk.free(folder);
  if (free >= needed) return;
  const where = `${dirname(folder)} has ${megabytes(free)} free and this run needs ${megabytes(needed)}`;
  throw new RunFolderError(`${where}: free some, or use --out DIR`);
};

/** Makes the folder with all its files. The weights take their room now, and get their values at the end. */
export const buildFolder = async (disk: Disk, request: RunFolderRequest, partial: string): Promise<void> => {
  const { model } = request;
  await disk.mkdir(join(partial, 'model'));
  await disk.writeFile(join(partial, 'model', 'model.json'), modelJson(model, null));
  await disk.writeFile(join(partial, 'model', 'weights.bin'), new Uint8Array(weightBytes(model)));
  await takeReserve(disk, partial);
  await writeFiles(disk, partial, filesOf(request));
};

export const takeReserve = (disk: Disk, partial: string): Promise<void> =>
  disk.writeFile(join(partial, reserve.file), new Uint8Array(reserve.bytes));
