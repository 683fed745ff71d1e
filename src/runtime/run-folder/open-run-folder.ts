// Verb: opens a run folder: checks that there is room for it, builds it under a temporary name, moves it to its place.
import { dirname, join, resolve } from 'node:path';
import { type Digests, digestOfText, writeCheckpoint, writeWeights } from '../checkpoint/write-checkpoint.ts';
import type { Weights } from '../engine/engine.ts';
import type { RunResult } from '../events.ts';
import type { CheckpointSink } from '../trainer/trainer.ts';
import { sumsFile, sumsOf } from './checksums.ts';
import { diskError, realDisk } from './disk.ts';
import { checkExtraNames, type ExtraFiles, extraBytes } from './extra-files.ts';
import { modelJson, weightBytes, weightsBin } from './model-files.ts';
import { isLeftover, partialName, slug, timeName } from './names.ts';
import { type EventRecorder, recordEvents } from './record-events.ts';
import { type Disk, type RunFolder, RunFolderError, type RunFolderRequest } from './run-folder.ts';

/** Room for events, history and texts, in bytes. */
const slack = 16 * 2 ** 20;
/** Part of it is taken at once and given back at the end: a disk that fills up meanwhile does not cost the run. */
const reserve = { file: 'reserve', bytes: 4 * 2 ** 20 };
/** Seconds between checkpoints where the request names none. */
const checkpointEvery = 30;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** Removes what processes that are gone left behind, but for runs that can be resumed. */
const clean = async (request: RunFolderRequest, parent: string): Promise<void> => {
  const disk = request.disk ?? realDisk;
  for (const name of await disk.list(parent)) {
    if (!isLeftover(name)) continue;
    const path = join(parent, name);
    if (request.resumes !== undefined && resolve(path) === resolve(request.resumes)) continue;
    if (await disk.exists(join(path, checkpointFile))) {
      const message = `A run was killed; go on with it by tlp run --resume "${path}", or delete that folder.`;
      request.listener({ type: 'warning', message });
    } else {
      await disk.remove(path);
    }
  }
};

/** Names of the checkpoint in a run folder, and of the one before it. */
export const checkpointFile = 'checkpoint.safetensors';
export const previousCheckpointFile = 'checkpoint.previous.safetensors';

/** The files that the request names, besides model, events and history. */
const filesOf = ({ texts, binaries, extras }: RunFolderRequest): ExtraFiles => ({ ...texts, ...binaries, ...extras });

/** Writes files below a folder, with the folders that their names begin with. */
const writeFiles = async (disk: Disk, folder: string, files: ExtraFiles): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    if (name.includes('/')) await disk.mkdir(dirname(join(folder, name)));
    await disk.writeFile(join(folder, name), content);
  }
};

/** Makes the folder under construction with all that is known before the training. Throws RunFolderError where room is short. */
const build = async (disk: Disk, request: RunFolderRequest, parent: string, partial: string): Promise<void> => {
  const { model } = request;
  const files = filesOf(request);
  await disk.mkdir(join(partial, 'model'));
  await clean(request, parent);
  const needed = weightBytes(model) + extraBytes(files) + slack;
  const free = await disk.free(partial);
  if (free < needed) {
    throw new RunFolderError(
      `${parent} has ${megabytes(free)} free and this run needs ${megabytes(needed)}: free some, or use --out DIR`,
    );
  }
  await writeFiles(disk, partial, files);
  await disk.writeFile(join(partial, 'model', 'model.json'), modelJson(model, null));
  await disk.writeFile(join(partial, 'model', 'weights.bin'), new Uint8Array(weightBytes(model)));
  await disk.writeFile(join(partial, reserve.file), new Uint8Array(reserve.bytes));
};

/** Where checkpoints go. One that cannot be written costs a warning, not the training. */
const checkpointSink = (
  disk: Disk,
  request: RunFolderRequest,
  partial: string,
  recorder: EventRecorder,
): CheckpointSink => {
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const known = diskError(error, partial);
      if (!(known instanceof RunFolderError)) throw error;
      request.listener({ type: 'warning', message: `${what} was not saved: ${known.message}` });
    }
  };
  const texts: Digests = Object.fromEntries(
    Object.entries(request.texts).map(([name, text]) => [name, digestOfText(text)]),
  );
  return {
    every: request.checkpointEvery ?? checkpointEvery,
    save: (checkpoint) =>
      attempt('The checkpoint', async () => {
        recorder.flush();
        const stored = { checkpoint, texts, events: recorder.written() };
        await writeCheckpoint(disk, join(partial, checkpointFile), join(partial, previousCheckpointFile), stored);
      }),
    saveWeights: (name, weights) =>
      attempt(`Checkpoint ${name}`, async () => {
        await disk.mkdir(join(partial, 'checkpoints'));
        await writeWeights(disk, join(partial, 'checkpoints', `${name}.safetensors`), weights);
      }),
  };
};

/** The first place that nobody has taken: the folder of the time, or the run's own folder in it. */
const freePlace = async (disk: Disk, placeOf: (attempt: number) => string): Promise<string> => {
  for (let attempt = 1; ; attempt += 1) {
    const place = placeOf(attempt);
    if (!(await disk.exists(place))) return place;
  }
};

/**
 * Opens the folder and reserves the room that the model needs, so that a full disk shows now and not after the training.
 * Throws RunFolderError, and leaves nothing behind when it does.
 */
export const openRunFolder = async (request: RunFolderRequest): Promise<RunFolder> => {
  const disk = request.disk ?? realDisk;
  checkExtraNames(request.extras ?? {}, Object.keys({ ...request.texts, ...request.binaries }));
  const parent = join(request.root, slug(request.pipeline));
  const time = timeName(request.time);
  const partial = join(parent, partialName(time, request.run));
  const placeOf = (attempt: number): string => {
    const place = join(parent, attempt === 1 ? time : `${time}-${attempt}`);
    return request.run === null ? place : join(parent, time, slug(request.run) + (attempt === 1 ? '' : `-${attempt}`));
  };

  const discard = async (): Promise<void> => {
    await disk.remove(partial).catch(() => {});
    await disk.removeEmpty(parent);
    await disk.removeEmpty(request.root);
  };

  /** Runs file operations; when one fails, removes the folder and throws the error to show. */
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await discard();
      throw diskError(error, join(parent, time));
    }
  };

  const recorder = recordEvents(disk, partial);
  await guarded(async () => {
    await build(disk, request, parent, partial);
    await recorder.begin();
  });

  const commit = async (result: RunResult, weights: Weights, extras: ExtraFiles = {}): Promise<RunResult> => {
    checkExtraNames(extras, Object.keys(filesOf(request)));
    return guarded(async () => {
      await disk.remove(join(partial, reserve.file));
      recorder.flush();
      const bytes = weightsBin(request.model, weights);
      await disk.overwrite(join(partial, 'model', 'weights.bin'), bytes);
      await disk.writeFile(join(partial, 'model', 'model.json'), modelJson(request.model, bytes));
      await writeFiles(disk, partial, extras);
      if (result.status !== 'interrupted')
        for (const name of [checkpointFile, previousCheckpointFile]) await disk.remove(join(partial, name));
      const place = await freePlace(disk, placeOf);
      const placed: RunResult = { ...result, folder: place };
      await disk.writeFile(join(partial, 'result.json'), `${JSON.stringify(placed, null, 2)}\n`);
      await disk.mkdir(join(place, '..'));
      recorder.end({ type: 'run_finished', result: placed });
      await disk.writeFile(join(partial, sumsFile), await sumsOf(partial));
      await disk.rename(partial, place);
      return placed;
    });
  };

  const checkpoints = checkpointSink(disk, request, partial, recorder);
  return { path: placeOf(1), partial, listener: recorder.listener, checkpoints, commit, discard };
};
