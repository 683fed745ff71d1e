// A process to be killed: trains in the folder it is given and keeps a checkpoint after every epoch. Digits, or a pipeline whose text is
// given, with the folder of its cache of features.
import { checkText } from '../../src/compiler/check.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { digitsPlan } from './digits-plan.ts';
import { readyPlan } from './trainable.ts';

const [out, checkpointEvery, text, cache] = process.argv.slice(2);
await trainPlan({
  plan: readyPlan(text === undefined ? digitsPlan() : checkText(text, 'test.tlp').plan!),
  out: out!,
  text: text ?? '// digits\n',
  version: '0.0.0',
  engines: [onnxEngine],
  device: 'cpu',
  signal: new AbortController().signal,
  checkpointEvery: Number(checkpointEvery),
  cache: cache === undefined ? null : { root: cache, limit: 1e9, memory: 1e9 },
  listeners: [(event) => process.stdout.write(`${JSON.stringify(event)}\n`)],
});
