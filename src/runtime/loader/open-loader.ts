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

/** Who waits for the answer to a question. */
interface Question {
  resolve(images: Identified): void;
  reject(error: Error): void;
}

/** What was asked of the worker and is not answered yet. */
const createMailbox = () => {
  const queues = new Map<number, Queue>();
  const asked = new Map<number, Question>();
  let lastId = 0;
  let fault: Error | null = null;
  return {
    /** What ended the worker; nothing more can be asked. */
    fault: (): Error | null => fault,
    /** A pass under a number of its own. */
    begin: (): { readonly id: number; readonly queue: Queue } => {
      const id = ++lastId;
      const queue: Queue = { arrived: [], ended: false, error: null, wake: () => {} };
      queues.set(id, queue);
      return { id, queue };
    },
    end: (id: number): void => void queues.delete(id),
    /** A question under a number of its own. */
    ask: (question: Question): number => {
      const id = ++lastId;
      asked.set(id, question);
      return id;
    },
    /** Hands a message to the pass or question that it answers. */
    deliver: (message: Exclude<FromWorker, { type: 'ready' }>): void => {
      if (message.id === null) return;
      const question = asked.get(message.id);
      asked.delete(message.id);
      if (message.type === 'identified') {
        question?.resolve(message.images);
        return;
      }
      if (message.type === 'failed') question?.reject(thrown(message));
      const queue = queues.get(message.id);
      if (!queue) return;
      if (message.type === 'batch') queue.arrived.push(message.batch);
      else if (message.type === 'end') queue.ended = true;
      else queue.error = thrown(message);
      queue.wake();
    },
    failAll: (error: Error): void => {
      fault ??= error;
      for (const queue of queues.values()) {
        queue.error ??= error;
        queue.wake();
      }
      for (const { reject } of asked.values()) reject(error);
      asked.clear();
    },
  };
};

type Mailbox = ReturnType<typeof createMailbox>;

/** Delivers what the worker says. Resolves when it is ready; rejects where it fails or ends before. */
const listen = (worker: Worker, mailbox: Mailbox, isClosed: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      mailbox.failAll(error);
    };
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'failed' && message.id === null) reject(thrown(message));
      else mailbox.deliver(message);
    });
    worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => fail(new Error(isClosed() ? 'the loader was closed' : 'the loader ended unexpectedly')));
  });

/** Batches of a queue as they arrive, in order. `taken` is called for each before it is handed out. */
async function* arriving(queue: Queue, taken: () => void): AsyncGenerator<Batch> {
  while (true) {
    const batch = queue.arrived.shift();
    if (batch) {
      taken();
      yield batch;
    } else if (queue.error) throw queue.error;
    else if (queue.ended) return;
    else
      await new Promise<void>((resolve) => {
        queue.wake = resolve;
      });
  }
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
  const mailbox = createMailbox();
  let closed = false;
  const send = (message: ToWorker): void => worker.postMessage(message);
  const close = async (): Promise<void> => {
    closed = true;
    await worker.terminate();
  };

  async function* batches(pass: Pass): AsyncGenerator<Batch> {
    if (closed) throw new Error('the loader was closed');
    const fault = mailbox.fault();
    if (fault) throw fault;
    const { id, queue } = mailbox.begin();
    send({ type: 'pass', id, pass });
    try {
      yield* arriving(queue, () => send({ type: 'taken', id }));
    } finally {
      mailbox.end(id);
      if (!queue.ended && !closed) send({ type: 'cancel', id });
    }
  }

  try {
    await listen(worker, mailbox, () => closed);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    batches,
    identify: (split, indices) =>
      new Promise((resolve, reject) => {
        const fault = mailbox.fault();
        if (fault) return reject(fault);
        send({ type: 'identify', id: mailbox.ask({ resolve, reject }), split, indices });
      }),
    close,
  };
};
