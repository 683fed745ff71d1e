// Verb: a loader request to a loader: starts the worker, hands out batches in order, and ends the worker at close.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DataError } from '../data/source.ts';
import type { Batch } from '../engine/engine.ts';
import { errorOf } from '../fault.ts';
import { workerUrl } from '../worker-url.ts';
import type { Identified, Loader, LoaderRequest, Pass } from './loader.ts';
import type { FromWorker, ToWorker } from './messages.ts';

type Failure = Extract<FromWorker, { type: 'failed' }>;

const thrown = ({ fault }: Failure): Error => errorOf(fault, (message) => new DataError(message));

/** Batches of one pass that have arrived, and who waits for the next. */
interface Queue {
  readonly arrived: Batch[];
  ended: boolean;
  error: Error | null;
  wake: () => void;
}

/**
 * Opens the source in a worker of its own. Throws DataError with the worker's message.
 * Random numbers depend on (seed, epoch, position) only, so results do not depend on how far ahead it runs.
 */
export const openLoader = async (request: LoaderRequest): Promise<Loader> => {
  const url = workerUrl('loader-worker');
  if (!existsSync(fileURLToPath(url)))
    throw new Error(`${fileURLToPath(url)} is missing: run \`npm run build\` once in the project`);
  const worker = new Worker(url, { workerData: request, name: 'loader' });
  const queues = new Map<number, Queue>();
  const asked = new Map<number, { resolve(images: Identified): void; reject(error: Error): void }>();
  let lastId = 0;
  let fault: Error | null = null;
  let closed = false;
  const send = (message: ToWorker): void => worker.postMessage(message);

  const failAll = (error: Error): void => {
    fault ??= error;
    for (const queue of queues.values()) {
      queue.error ??= error;
      queue.wake();
    }
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  };

  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') return resolve();
      if (message.type === 'failed' && message.id === null) return reject(thrown(message));
      if (message.id === null) return;
      const question = asked.get(message.id);
      asked.delete(message.id);
      if (message.type === 'identified') return question?.resolve(message.images);
      if (message.type === 'failed') question?.reject(thrown(message));
      const queue = queues.get(message.id);
      if (!queue) return;
      if (message.type === 'batch') queue.arrived.push(message.batch);
      else if (message.type === 'end') queue.ended = true;
      else queue.error = thrown(message);
      queue.wake();
    });
    worker.on('error', (error) => {
      reject(error);
      failAll(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      const error = new Error(closed ? 'the loader was closed' : 'the loader ended unexpectedly');
      reject(error);
      failAll(error);
    });
  });

  async function* batches(pass: Pass): AsyncGenerator<Batch> {
    if (closed) throw new Error('the loader was closed');
    if (fault) throw fault;
    const id = ++lastId;
    const queue: Queue = { arrived: [], ended: false, error: null, wake: () => {} };
    queues.set(id, queue);
    send({ type: 'pass', id, pass });
    try {
      while (true) {
        const batch = queue.arrived.shift();
        if (batch) {
          send({ type: 'taken', id });
          yield batch;
        } else if (queue.error) throw queue.error;
        else if (queue.ended) return;
        else
          await new Promise<void>((resolve) => {
            queue.wake = resolve;
          });
      }
    } finally {
      queues.delete(id);
      if (!queue.ended && !closed) send({ type: 'cancel', id });
    }
  }

  try {
    await ready;
  } catch (error) {
    closed = true;
    await worker.terminate();
    throw error;
  }
  return {
    batches,
    identify: (split, indices) =>
      new Promise((resolve, reject) => {
        if (fault) return reject(fault);
        const id = ++lastId;
        asked.set(id, { resolve, reject });
        send({ type: 'identify', id, split, indices });
      }),
    close: async () => {
      closed = true;
      await worker.terminate();
    },
  };
};
