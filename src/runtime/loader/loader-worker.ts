// The loader's worker thread: opens the source, compiles the kernels, prepares batches as long as they are taken.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openSource } from '../data/open-source.ts';
import { DataError, type Source } from '../data/source.ts';
import type { Batch } from '../engine/engine.ts';
import { faultOf } from '../fault.ts';
import { compileKernel } from './compile-kernel.ts';
import type { LoaderRequest } from './loader.ts';
import { AHEAD, type FromWorker, type ToWorker } from './messages.ts';
import { batchCount, type Kernels, prepareBatch } from './prepare-batch.ts';

/** A pass under way. */
interface Running {
  /** Batches that may be prepared before one has to be taken. */
  credits: number;
  cancelled: boolean;
  /** Called when a message changed this. */
  wake: () => void;
}

const tell = (port: MessagePort, message: FromWorker, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

const fail = (port: MessagePort, id: number | null, error: unknown): void =>
  tell(port, { type: 'failed', id, fault: faultOf(error, (thrown) => thrown instanceof DataError) });

const buffersOf = (batch: Batch): ArrayBuffer[] =>
  [...Object.values(batch.inputs), batch.labels, ...Object.values(batch.masks)].map(
    (values) => values.buffer as ArrayBuffer,
  );

/** Lets messages in. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const start = async (port: MessagePort, request: LoaderRequest): Promise<void> => {
  const { source: image, interpolation, antialias } = request.evaluate;
  const source: Source = await openSource(request.source, { image, interpolation, antialias }, request.only_classes);
  const kernels: Kernels = {
    train: compileKernel(request.kernels.train),
    evaluate: compileKernel(request.kernels.evaluate),
  };
  const passes = new Map<number, Running>();

  const run = async ({ id, pass }: Extract<ToWorker, { type: 'pass' }>): Promise<void> => {
    const running: Running = { credits: AHEAD, cancelled: false, wake: () => {} };
    passes.set(id, running);
    for (let number = pass.skip; number < batchCount(pass); number++) {
      await turn();
      while (running.credits === 0 && !running.cancelled)
        await new Promise<void>((resolve) => {
          running.wake = resolve;
        });
      if (running.cancelled) break;
      running.credits--;
      const batch = await prepareBatch(request, source, kernels, pass, number);
      tell(port, { type: 'batch', id, batch }, buffersOf(batch));
    }
    passes.delete(id);
    tell(port, { type: 'end', id });
  };

  const identify = ({ id, split, indices }: Extract<ToWorker, { type: 'identify' }>): void => {
    const images = {
      digests: new Uint8Array(indices.length * 16),
      labels: Uint16Array.from(indices, (index) => source[split].labels[index]!),
    };
    for (const [i, index] of indices.entries()) images.digests.set(source.digest(split, index), i * 16);
    tell(port, { type: 'identified', id, images }, [images.digests.buffer, images.labels.buffer]);
  };

  port.on('message', (message: ToWorker) => {
    if (message.type === 'identify') {
      try {
        identify(message);
      } catch (error) {
        fail(port, message.id, error);
      }
      return;
    }
    if (message.type === 'pass') {
      run(message).catch((error: unknown) => fail(port, message.id, error));
      return;
    }
    const running = passes.get(message.id);
    if (!running) return;
    if (message.type === 'taken') running.credits++;
    else running.cancelled = true;
    running.wake();
  });
  tell(port, { type: 'ready' });
};

if (parentPort) {
  const port = parentPort;
  start(port, workerData as LoaderRequest).catch((error: unknown) => fail(port, null, error));
}
