// A process to be killed: trains digits in the folder it is given and keeps a checkpoint after every epoch.
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { digitsPlan } from './digits-plan.ts';
import { readyPlan } from './trainable.ts';

const [out, checkpointEvery] = process.argv.slice(2);
await trainPlan({
  plan: readyPlan(digitsPlan()),
  out: out!,
  text: '// digits\n',
  version: '0.0.0',
  engines: [onnxEngine],
  device: 'cpu',
  signal: new AbortController().signal,
  checkpointEvery: Number(checkpointEvery),
  listeners: [(event) => process.stdout.write(`${JSON.stringify(event)}\n`)],
});
