// The worker that reads H5 files: what a damaged file does to the library ends with this worker.
import { parentPort, workerData } from 'node:worker_threads';
import type { Dataset, Group } from 'h5wasm';
import { WeightFileError } from '../weight-file.ts';
import { readCatalogue } from './catalogue.ts';
import type { FromH5Worker, H5Source, ToH5Worker } from './messages.ts';
import { openInSandbox } from './sandbox.ts';

const source = workerData as H5Source;

const send = (message: FromH5Worker, transfer: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

/** The library's own text is a trace of many lines; the one thing in it for people is whether the file ends too soon. */
const refuse = (error: unknown): void => {
  const text = error instanceof Error ? error.message : String(error);
  const message = error instanceof WeightFileError ? text : /truncated/.test(text) ? 'is cut short' : 'is damaged';
  send({ type: 'refused', message });
};

const float32 = (dataset: Dataset): Float32Array<ArrayBuffer> => {
  const { value } = dataset;
  if (value instanceof Float32Array) return value as Float32Array<ArrayBuffer>;
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Float32Array.from(value, Number);
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as Float64Array | Int32Array);
  if (typeof value === 'number' || typeof value === 'bigint') return Float32Array.of(Number(value));
  throw new WeightFileError(`is damaged: ${dataset.path} holds no numbers`);
};

const serve = (root: Group, datasets: readonly string[]): void => {
  parentPort?.on('message', ({ ids }: ToH5Worker) => {
    try {
      for (const id of ids) {
        const values = float32(root.get(datasets[id] ?? '') as Dataset);
        send({ type: 'tensor', values }, [values.buffer]);
      }
    } catch (error) {
      refuse(error);
    }
  });
};

try {
  const root = await openInSandbox(source);
  const { catalogue, datasets } = readCatalogue(root, source.size);
  send({ type: 'catalogue', catalogue });
  serve(root, datasets);
} catch (error) {
  refuse(error);
}
