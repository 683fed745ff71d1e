// A process to be killed: trains digits in the folder it is given and keeps a checkpoint after every epoch.

import { printPlan } from '../../src/compiler/plan/print.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { digitsPlan } from './digits-plan.ts';

const [out, checkpointEvery] = process.argv.slice(2);
await trainPlan({
  ...{ plan: digitsPlan(), out: out!, text: '// digits\n', printPlan, version: '0.0.0', engine: onnxEngine },
  ...{ device: 'cpu', signal: new AbortController().signal, checkpointEvery: Number(checkpointEvery) },
  listener: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  onFolder: () => {},
});
