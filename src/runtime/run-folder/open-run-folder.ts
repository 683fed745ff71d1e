// Verb: opens a run folder: checks that there is room for it, builds it under a temporary name, moves it to its place.
import { join } from 'node:path';
import { writeCheckpoint, writeWeights } from '../checkpoint/write-checkpoint.ts';
import type { Weights } from '../engine/engine.ts';
import type { Listener, RunEvent, RunResult } from '../events.ts';
import type { CheckpointSink } from '../trainer/trainer.ts';
import { diskError, realDisk, systemCode } from './disk.ts';
import { historyHeader, historyRow } from './history.ts';
import { modelJson, weightBytes, weightsBin } from './model-files.ts';
import { isLeftover, partialName, slug, timeName } from './names.ts';
import { type RunFolder, RunFolderError, type RunFolderRequest } from './run-folder.ts';

/** Room for events, history and texts, in bytes. */
const slack = 16 * 2 ** 20;
/** Part of it is taken at once and given back at the end: a disk that fills up meanwhile does not cost the run. */
const reserve = { file: 'reserve', bytes: 4 * 2 ** 20 };
/** Events are written to disk at the end of an epoch and whenever so many characters have gathered. */
const flushAt = 1 << 16;
/** Seconds between checkpoints where the request names none. */
const checkpointEvery = 30;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** Removes what processes that are gone left behind, but for runs that can be resumed. */
const clean = async (request: RunFolderRequest, parent: string): Promise<void> => {
  const disk = request.disk ?? realDisk;
  for (const name of await disk.list(parent)) {
    if (!isLeftover(name)) continue;
    const path = join(parent, name);
    if (await disk.exists(join(path, checkpointFile))) {
      const message = `A run was killed; go on with it by tlp run --resume "${path}", or delete that folder.`;
      request.listener({ type: 'warning', message });
    } else {
      await disk.remove(path);
    }
  }
};

/** Name of the checkpoint in a run folder. */
export const checkpointFile = 'checkpoint.safetensors';

/**
 * Opens the folder and reserves the room that the model needs, so that a full disk shows now and not after the training.
 * Throws RunFolderError, and leaves nothing behind when it does.
 */
export const openRunFolder = async (request: RunFolderRequest): Promise<RunFolder> => {
  const disk = request.disk ?? realDisk;
  const { model, listener: notify } = request;
  const parent = join(request.root, slug(request.pipeline));
  const time = timeName(request.time);
  const partial = join(parent, partialName(time, request.run));
  const placeOf = (attempt: number): string => {
    const place = join(parent, attempt === 1 ? time : `${time}-${attempt}`);
    return request.run === null ? place : join(parent, time, slug(request.run) + (attempt === 1 ? '' : `-${attempt}`));
  };
  const eventsPath = join(partial, 'events.jsonl');
  const historyPath = join(partial, 'history.csv');

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
      throw diskError(error, partial === parent ? parent : join(parent, time));
    }
  };

  await guarded(async () => {
    await disk.mkdir(join(partial, 'model'));
    await clean(request, parent);
    const graphs = Object.values(request.binaries).reduce((sum, bytes) => sum + bytes.byteLength, 0);
    const needed = weightBytes(model) + graphs + slack;
    const free = await disk.free(partial);
    if (free < needed) {
      throw new RunFolderError(
        `${parent} has ${megabytes(free)} free and this run needs ${megabytes(needed)}: free some, or use --out DIR`,
      );
    }
    for (const [name, text] of Object.entries(request.texts)) await disk.writeFile(join(partial, name), text);
    for (const [name, bytes] of Object.entries(request.binaries)) await disk.writeFile(join(partial, name), bytes);
    await disk.writeFile(join(partial, 'model', 'model.json'), modelJson(model));
    await disk.writeFile(join(partial, 'model', 'weights.bin'), new Uint8Array(weightBytes(model)));
    await disk.writeFile(join(partial, reserve.file), new Uint8Array(reserve.bytes));
    await disk.writeFile(historyPath, historyHeader);
    await disk.writeFile(eventsPath, '');
  });

  const pending = { events: '', history: '' };
  const flush = (): void => {
    for (const [key, path] of [
      ['events', eventsPath],
      ['history', historyPath],
    ] as const) {
      if (pending[key] === '') continue;
      disk.appendFile(path, pending[key]);
      pending[key] = '';
    }
  };
  const record = (event: RunEvent): void => {
    pending.events += `${JSON.stringify(event)}\n`;
    if (event.type === 'epoch_finished') pending.history += historyRow(event);
  };
  const listener: Listener = (event) => {
    record(event);
    if (event.type !== 'epoch_finished' && pending.events.length < flushAt) return;
    try {
      flush();
    } catch (error) {
      // What could not be written is still pending: the next flush tries again, and the last one says so.
      if (systemCode(error) === null) throw error;
    }
  };

  /** A checkpoint that cannot be written costs a warning, not the training. */
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const known = diskError(error, partial);
      if (!(known instanceof RunFolderError)) throw error;
      notify({ type: 'warning', message: `${what} was not saved: ${known.message}` });
    }
  };
  const checkpoints: CheckpointSink = {
    every: request.checkpointEvery ?? checkpointEvery,
    save: (checkpoint) =>
      attempt('The checkpoint', () => writeCheckpoint(disk, join(partial, checkpointFile), checkpoint)),
    saveWeights: (name, weights) =>
      attempt(`Checkpoint ${name}`, async () => {
        await disk.mkdir(join(partial, 'checkpoints'));
        await writeWeights(disk, join(partial, 'checkpoints', `${name}.safetensors`), weights);
      }),
  };

  const commit = (result: RunResult, weights: Weights) =>
    guarded(async () => {
      await disk.remove(join(partial, reserve.file));
      flush();
      await disk.overwrite(join(partial, 'model', 'weights.bin'), weightsBin(model, weights));
      if (result.status !== 'interrupted') await disk.remove(join(partial, checkpointFile));
      for (let number = 1; ; number += 1) {
        const place = placeOf(number);
        if (await disk.exists(place)) continue;
        const placed: RunResult = { ...result, folder: place };
        await disk.writeFile(join(partial, 'result.json'), `${JSON.stringify(placed, null, 2)}\n`);
        await disk.mkdir(join(place, '..'));
        record({ type: 'run_finished', result: placed });
        flush();
        await disk.rename(partial, place);
        return placed;
      }
    });

  return { path: placeOf(1), partial, listener, checkpoints, commit, discard };
};
