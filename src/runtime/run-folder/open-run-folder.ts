// Verb: opens a run folder: checks that there is room for it, builds it under a temporary name, moves it to its place.
import { renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Weights } from '../engine/engine.ts';
import type { RunEvent, RunResult } from '../events.ts';
import { isResumable } from '../run-state.ts';
import { buildFolder, filesOf, requireRoom, reserve, takeReserve, writeFiles } from './build-folder.ts';
import { checkpointFiles, checkpointSink } from './checkpoint-sink.ts';
import { sumsFile, sumsOf } from './checksums.ts';
import { claimPlace } from './claim-place.ts';
import { cleanLeftovers } from './clean-leftovers.ts';
import { diskError, realDisk, systemCode } from './disk.ts';
import { checkExtraNames, type ExtraFiles } from './extra-files.ts';
import { modelJson, weightsBin } from './model-files.ts';
import { partialName, readPartialName, slug, timeName } from './names.ts';
import { type EventRecorder, recordEvents } from './record-events.ts';
import { type Disk, type RunFolder, RunFolderError, type RunFolderRequest } from './run-folder.ts';
import { watchFolder } from './watch-folder.ts';

/** Where the folder will be, and where it is built. */
interface Places {
  readonly parent: string;
  /** Of the folder in its place. */
  readonly name: string;
  readonly partial: string;
}

const placesOf = ({ root, pipeline, time, run, resume }: RunFolderRequest): Places => {
  const at = (parent: string, name: string): Places => ({ parent, name, partial: join(parent, partialName(name)) });
  if (resume !== undefined) {
    const name = basename(resume.folder);
    return at(dirname(resume.folder), readPartialName(name)?.place ?? name);
  }
  return run === null ? at(join(root, slug(pipeline)), timeName(time)) : at(run.common, slug(run.name));
};

/** Takes the folder of a run that goes on. Of two processes that want it one gets it. Throws RunFolderError. */
const takeOver = async (disk: Disk, request: RunFolderRequest, resume: string, partial: string): Promise<void> => {
  await disk.rename(resume, partial).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new RunFolderError(`${resume} is not there any more: another process goes on with it, or somebody moved it`);
  });
  await cleanLeftovers(disk, dirname(partial), request.listener);
  await requireRoom(disk, request, partial);
  await takeReserve(disk, partial);
};

const buildNew = async (disk: Disk, request: RunFolderRequest, { parent, partial }: Places): Promise<void> => {
  await disk.mkdir(parent);
  await cleanLeftovers(disk, parent, request.listener);
  await disk.mkdir(partial);
  await requireRoom(disk, request, partial);
  await buildFolder(disk, request, partial);
};

/** Writes all that is known at the end and moves the folder to its place. What fails leaves the folder as it is, with its checkpoint. */
const place = async (
  disk: Disk,
  request: RunFolderRequest,
  places: Places,
  recorder: EventRecorder,
  { result, weights, extras }: { readonly result: RunResult; readonly weights: Weights; readonly extras: ExtraFiles },
): Promise<RunResult> => {
  const { partial } = places;
  await disk.remove(join(partial, reserve.file));
  recorder.flush();
  const bytes = weightsBin(request.model, weights);
  await disk.overwrite(join(partial, 'model', 'weights.bin'), bytes);
  await disk.writeFile(join(partial, 'model', 'model.json'), modelJson(request.model, bytes));
  await writeFiles(disk, partial, extras);
  const to = await claimPlace(disk, places.parent, places.name);
  try {
    const placed: RunResult = { ...result, folder: to };
    const said: RunEvent = { type: 'run_finished', result: placed };
    await disk.writeFile(join(partial, 'result.json'), `${JSON.stringify(placed, null, 2)}\n`);
    recorder.end(said);
    const gone = isResumable(result) ? [] : checkpointFiles;
    await disk.writeFile(join(partial, sumsFile), await sumsOf(partial, gone));
    for (const name of ['model/weights.bin', 'model/model.json', 'result.json', sumsFile, 'model', '.']) {
      await disk.flush(join(partial, name));
    }
    await disk.rename(partial, to);
    await disk.flush(places.parent);
    // only now: a kill before this leaves what can be resumed
    for (const name of gone) await disk.remove(join(to, name));
    return placed;
  } catch (error) {
    await disk.removeEmpty(to);
    throw error;
  }
};

/** How a folder under construction is given up: removed, or, where a run went on, what it went on from put back under its name. */
const removal = (disk: Disk, { parent, partial }: Places, resume: string | undefined, stop: () => void) => {
  const around = [parent, dirname(parent)];
  return {
    discard: async (): Promise<void> => {
      stop();
      if (resume !== undefined) return disk.rename(partial, resume).catch(() => {});
      await disk.remove(partial).catch(() => {});
      for (const folder of around) await disk.removeEmpty(folder);
    },
    /** Without waiting: the process ends. */
    discardNow: () => {
      stop();
      try {
        if (resume !== undefined) return renameSync(partial, resume);
        rmSync(partial, { recursive: true, force: true, maxRetries: 3 });
        for (const folder of around) rmdirSync(folder);
      } catch {
        // the next run removes it, and a folder that is not empty stays
      }
    },
  };
};

/**
 * Opens the folder and reserves the room that the model needs, so that a full disk shows now and not after the training.
 * Throws RunFolderError, and leaves nothing behind when it does.
 */
export const openRunFolder = async (request: RunFolderRequest): Promise<RunFolder> => {
  const { disk = realDisk } = request;
  const resume = request.resume?.folder;
  checkExtraNames(request.extras ?? {}, Object.keys({ ...request.texts, ...request.binaries }));
  const places = placesOf(request);
  const { parent, partial, name } = places;
  const recorder = recordEvents(disk, partial, request.resume?.past ?? null);
  let learned = resume !== undefined;
  const checkpoints = checkpointSink(disk, request, partial, { ready: () => watch.look(), recorder });
  const makeAgain = async (): Promise<void> => {
    await disk.mkdir(parent);
    await buildFolder(disk, request, partial);
    recorder.lost();
    recorder.flush();
    checkpoints.lost();
    request.listener({ type: 'warning', message: `${partial} was removed: it is made again, and the run goes on` });
  };
  const watch = watchFolder(disk, partial, makeAgain);

  const { discard, discardNow } = removal(disk, places, resume, watch.stop);

  /** Runs file operations; throws the error to show. */
  const saying = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, join(parent, name));
    }
  };

  await saying(async () => {
    try {
      await (resume === undefined ? buildNew(disk, request, places) : takeOver(disk, request, resume, partial));
    } catch (error) {
      await discard();
      throw error;
    }
  });

  return {
    path: join(parent, name),
    partial,
    listener: (event) => {
      learned ||= event.type === 'step';
      recorder.listener(event);
    },
    checkpoints,
    commit: async (result, weights, extras = {}) => {
      checkExtraNames(extras, Object.keys(filesOf(request)));
      return saying(async () => {
        await watch.look();
        watch.stop();
        return place(disk, request, places, recorder, { result, weights, extras });
      });
    },
    leave: async () => {
      watch.stop();
      if (!learned) {
        await discard();
        return null;
      }
      try {
        recorder.flush();
      } catch {
        // the history is worth less than the checkpoint
      }
      const left = resume ?? partial;
      await disk.rename(partial, left).catch(() => {});
      return (await disk.exists(left)) ? left : null;
    },
    discard,
    discardNow,
  };
};
