// The embedded engine: onnxruntime-node in a worker, so that the terminal stays alive while a step runs.
import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../worker-url.ts';
import {
  type Batch,
  type Device,
  type Engine,
  EngineError,
  type EngineRequest,
  type EngineSession,
} from '../engine.ts';
import { chooseDevice, explain, probeDevices } from './devices.ts';
import type { Call, Reply } from './protocol.ts';

type Unsent<C> = C extends Call ? Omit<C, 'id'> : never;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls into the worker; answers come back by number. */
const startWorker = () => {
  const worker = new Worker(workerUrl('engine-worker'));
  // an engine that is not asked anything does not keep the process alive
  worker.unref();
  const pending = new Map<number, Pending>();
  let count = 0;
  let failure: Error | undefined;
  const failAll = (error: Error): void => {
    failure = error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.on('message', ({ id, value, error }: Reply) => {
    const call = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    if (error === undefined) call?.resolve(value);
    else call?.reject(new EngineError(error));
  });
  worker.on('error', (error) => failAll(new EngineError(`the engine stopped: ${error.message}`)));
  worker.on('exit', (code) => failAll(new EngineError(`the engine stopped (exit code ${code})`)));
  return {
    call<T>(message: Unsent<Call>, transfer: readonly ArrayBuffer[] = []): Promise<T> {
      if (failure) return Promise.reject(failure);
      count += 1;
      const id = count;
      return new Promise<T>((resolve, reject) => {
        worker.ref();
        pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ ...message, id }, [...transfer]);
      });
    },
    async stop(): Promise<void> {
      failure ??= new EngineError('the engine is closed');
      await worker.terminate();
    },
  };
};

const buffersOf = (batch: Batch): ArrayBuffer[] => [
  ...new Set([batch.images, batch.labels, ...Object.values(batch.masks)].map((array) => array.buffer as ArrayBuffer)),
];

const openOn = async (device: Device, { model, program, weights }: EngineRequest): Promise<EngineSession> => {
  const worker = startWorker();
  const [height, width, channels] = model.layers[0]?.output_shape ?? [];
  const image = [height!, width!, channels!] as const;
  try {
    await worker.call({ name: 'open', request: { program, weights, device, image, threads: 0 } });
  } catch (error) {
    await worker.stop();
    throw error;
  }
  return {
    device,
    train: (batch, learningRate, iteration) =>
      worker.call({ name: 'train', batch, learningRate, iteration }, buffersOf(batch)),
    evaluate: (batch) => worker.call({ name: 'evaluate', batch }, buffersOf(batch)),
    predict: (batch) => worker.call({ name: 'predict', batch }, buffersOf(batch)),
    weights: () => worker.call({ name: 'weights' }),
    setWeights: (next) => worker.call({ name: 'setWeights', weights: next }),
    slots: () => worker.call({ name: 'slots' }),
    setSlots: (slots) => worker.call({ name: 'setSlots', slots }),
    async close() {
      await worker.call({ name: 'close' }).catch(() => undefined);
      await worker.stop();
    },
  };
};

/** onnxruntime with the providers of its npm package: CPU and WebGPU; CUDA where its libraries are installed. */
export const onnxEngine: Engine = {
  name: 'onnx',
  open: async (request) => {
    const device = request.device === 'auto' ? await chooseDevice() : request.device;
    try {
      return await openOn(device, request);
    } catch (error) {
      if (device === 'cpu') throw error;
      const detail = explain(device, error instanceof Error ? error.message : String(error));
      throw new EngineError(
        `the device '${device}' cannot be used: ${detail} (write --device cpu; tlp doctor shows what works)`,
      );
    }
  },
  probe: probeDevices,
};
