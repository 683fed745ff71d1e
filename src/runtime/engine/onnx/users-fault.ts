// Verb: an error of the engine's work → what a person can cure of it: no device, no memory. All else is our own mistake.
import { EngineError } from '../engine.ts';
import { OnnxError } from './tensors.ts';

/** Cause and cure of a device that does not work, by what onnxruntime says. */
const CURES: readonly { readonly device: string; readonly says: RegExp; readonly detail: string }[] = [
  {
    device: 'webgpu',
    says: /No supported adapters|WebGPU adapter/i,
    detail: 'no graphics adapter found; install a Vulkan driver (Linux), or use --device cpu',
  },
  {
    device: 'cuda',
    says: /shared library|not available|Failed to load/i,
    detail: 'the CUDA libraries of onnxruntime are not installed; see "CUDA" in the README',
  },
];

/** Cause and cure of a device that does not load, in one line. */
export const explain = (device: string, error: string): string =>
  CURES.find((cure) => cure.device === device && cure.says.test(error))?.detail ??
  (error.split('\n')[0] as string).slice(0, 200);

/** Says what is the matter with a device, and the cure. */
export const deviceError = (device: string, error: string): EngineError =>
  new EngineError(
    `the device '${device}' cannot be used: ${explain(device, error)} (write --device cpu; tlp doctor shows what works)`,
  );

/** What V8, the C++ library and onnxruntime say when memory is short. */
const NO_MEMORY = /bad_alloc|bad allocation|out of memory|allocation failed|failed to allocate|invalid array length/i;

/** The error to show; null where no person can cure it. */
export const usersFault = (error: unknown, device: string): EngineError | null => {
  const message = error instanceof Error ? error.message : String(error);
  if (NO_MEMORY.test(message)) {
    return new EngineError(
      'not enough memory for this stage: use a smaller batch, smaller images or a smaller network',
    );
  }
  return device === 'cpu' || !(error instanceof OnnxError) ? null : deviceError(device, message);
};
