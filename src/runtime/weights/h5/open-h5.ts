// Verb: an H5 file → its layers, read by a worker that may die of a damaged file.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../worker-url.ts';
import type { DiskFile } from '../disk-file.ts';
import { type Catalogue, type OpenedFile, WeightFileError } from '../weight-file.ts';
import type { FromH5Worker, H5Source, ToH5Worker } from './messages.ts';

/** JavaScript memory of the worker; tensors and the library's own memory lie outside of it. */
const heapMegabytes = 256;

/** Milliseconds without an answer after which a file is taken for one that the library does not come to an end with. */
const patience = 300_000;

const startWorker = (source: H5Source): Worker => {
  const url = workerUrl('h5-worker');
  if (!existsSync(fileURLToPath(url))) {
    throw new Error(`${fileURLToPath(url)} is missing: run \`npm run build\` once in the project`);
  }
  const resourceLimits = { maxOldGenerationSizeMb: heapMegabytes };
  return new Worker(url, { workerData: source, name: 'h5', stdout: true, stderr: true, resourceLimits });
};

/** Answers of the worker, one at a time; its death is an answer, too. */
const answers = (worker: Worker) => {
  const arrived: FromH5Worker[] = [];
  let wake: () => void = () => {};
  const push = (answer: FromH5Worker): void => {
    arrived.push(answer);
    wake();
  };
  const died = (): void => push({ type: 'refused', message: 'is damaged' });
  worker.on('message', push);
  worker.on('error', died);
  worker.on('exit', died);
  /** Throws WeightFileError for a refusal, and the signal's reason. */
  return async (signal?: AbortSignal): Promise<Exclude<FromH5Worker, { type: 'refused' }>> => {
    signal?.throwIfAborted();
    if (arrived.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(died, patience);
        wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        signal?.addEventListener('abort', wake);
      });
    }
    signal?.throwIfAborted();
    const answer = arrived.shift()!;
    if (answer.type === 'refused') throw new WeightFileError(answer.message);
    return answer;
  };
};

/** `range`: the part of the file that is the H5 file. Takes over `file`. Throws WeightFileError. */
export const openH5 = async (
  file: DiskFile,
  range: { readonly from: number; readonly size: number },
  signal?: AbortSignal,
): Promise<OpenedFile> => {
  const worker = startWorker({ fd: file.fd, ...range });
  const next = answers(worker);
  const close = async (): Promise<void> => {
    await worker.terminate();
    await file.close();
  };
  const catalogueOf = async (): Promise<Catalogue> => {
    const answer = await next(signal);
    if (answer.type !== 'catalogue') throw new WeightFileError('is damaged');
    return answer.catalogue;
  };
  const read: OpenedFile['read'] = async (tensors, abort) => {
    worker.postMessage({ ids: tensors.map(({ id }) => id) } satisfies ToH5Worker);
    const values: Float32Array[] = [];
    for (const { path } of tensors) {
      const answer = await next(abort);
      if (answer.type !== 'tensor') throw new WeightFileError(`is damaged: ${path} cannot be read`);
      values.push(answer.values);
    }
    return values;
  };
  try {
    return { ...(await catalogueOf()), read, close };
  } catch (error) {
    await close();
    throw error;
  }
};
