// Which devices work here. Each is tried in a process of its own: a broken driver may end the process or write to the terminal.
import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import type { Device, DeviceReport } from '../engine.ts';
import { TRIAL_GIGAFLOP, TRIAL_MODEL, TRIAL_SHAPES } from './trial-model.ts';

/** Runs in the child: loads the model on a device, runs it once to warm up and twice for time, prints milliseconds or the error. */
const TRIAL = `
const [runtime, device, model, shapes] = process.argv.slice(1);
const { InferenceSession, Tensor } = (await import(runtime)).default;
try {
  const session = await InferenceSession.create(Buffer.from(model, 'base64'), { executionProviders: [device], logSeverityLevel: 4 });
  const feeds = {};
  for (const [name, shape] of Object.entries(JSON.parse(shapes))) {
    feeds[name] = new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), shape);
  }
  let best = Infinity;
  for (let i = 0; i < 3; i += 1) {
    const start = performance.now();
    await session.run(feeds);
    if (i > 0) best = Math.min(best, performance.now() - start);
  }
  console.log(JSON.stringify({ milliseconds: best }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
}
process.exit(0);
`;

type Trial = { readonly milliseconds: number } | { readonly error: string };

const TIMEOUT_MS = 60_000;

const tryDevice = (device: Device): Promise<Trial> => {
  const runtime = import.meta.resolve('onnxruntime-node');
  const parameters = ['--input-type=module', '-e', TRIAL, runtime, device, TRIAL_MODEL, JSON.stringify(TRIAL_SHAPES)];
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, { timeout: TIMEOUT_MS }, (error, stdout) => {
      const line = stdout.trim().split('\n').at(-1) ?? '';
      try {
        resolve(JSON.parse(line) as Trial);
      } catch {
        resolve({ error: error?.killed ? 'no answer within 60 s' : 'the process ended while loading the device' });
      }
    });
  });
};

/** Cause and cure of a device that did not load, by what onnxruntime says. */
const CURES: readonly { readonly device: Device; readonly says: RegExp; readonly detail: string }[] = [
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
export const explain = (device: Device, error: string): string =>
  CURES.find((cure) => cure.device === device && cure.says.test(error))?.detail ??
  (error.split('\n')[0] as string).slice(0, 200);

/** Tries every device. */
export const probeDevices = async (): Promise<readonly DeviceReport[]> => {
  const reports: DeviceReport[] = [];
  for (const device of ['cpu', 'webgpu', 'cuda'] as const) {
    const trial = await tryDevice(device);
    if ('error' in trial) {
      reports.push({ engine: 'onnx', device, works: false, detail: explain(device, trial.error) });
      continue;
    }
    const speed = (TRIAL_GIGAFLOP / trial.milliseconds) * 1000;
    const what =
      device === 'cpu' ? `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}` : 'adapter found';
    reports.push({
      engine: 'onnx',
      device,
      works: true,
      detail: `${what}; ${speed.toPrecision(2)} GFLOP/s on a 3x3 convolution`,
    });
  }
  return reports;
};

/** The fastest device that works, by the same trial; the CPU wins a tie. */
export const chooseDevice = async (): Promise<Device> => {
  const cpu = await tryDevice('cpu');
  let best: { readonly device: Device; readonly milliseconds: number } = {
    device: 'cpu',
    milliseconds: 'milliseconds' in cpu ? cpu.milliseconds : Number.POSITIVE_INFINITY,
  };
  for (const device of ['cuda', 'webgpu'] as const) {
    const trial = await tryDevice(device);
    if ('milliseconds' in trial && trial.milliseconds < best.milliseconds / 1.5) best = { device, ...trial };
  }
  return best.device;
};
