// Verb: a device → how fast it runs a small convolution. In a process of its own: a broken driver may end the process or write to the terminal.
import { execFile } from 'node:child_process';
import { TRIAL_MODEL, TRIAL_SHAPES } from './trial-model.ts';

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

/** Milliseconds of the trial model, or what the device said. */
export type Trial = { readonly milliseconds: number } | { readonly error: string };

const TIMEOUT_MS = 60_000;

/** Tries a device in a process of its own. */
export const tryDevice = (device: string): Promise<Trial> => {
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
