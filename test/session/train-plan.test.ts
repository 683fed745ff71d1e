// A plan trained for real: onnxruntime, the loader's worker, the run folder. Needs `npm run build`.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileRun } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { openDigits } from '../../src/runtime/data/digits.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';
import { openLoader } from '../../src/runtime/loader/open-loader.ts';
import { readRunFolder } from '../../src/runtime/run-folder/read-run-folder.ts';
import { resumeFrom } from '../../src/session/resume-training.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import type { TrainPlanRequest } from '../../src/session/train-request.ts';
import { digitsPlan, digitsRun } from '../support/digits-plan.ts';
import { tf } from '../support/tfjs.ts';
import { readyPlan, readyRun } from '../support/trainable.ts';

interface Context {
  out: string;
}

const request = ({ out }: Context, plan: Plan, changes: Partial<TrainPlanRequest> = {}): TrainPlanRequest => ({
  plan: readyPlan(plan),
  out,
  text: '// digits\n',
  version: '0.0.0',
  engines: [onnxEngine],
  device: 'cpu',
  listeners: [],
  signal: new AbortController().signal,
  ...changes,
});

/** The result of a plan with one run. */
const only = async (training: TrainPlanRequest): Promise<RunResult> => {
  const [result] = await trainPlan(training);
  if (result === undefined) throw new Error('the plan has no run');
  return result;
};

const real = suite<Context>('a plan trained for real');

real.before.each((context) => {
  context.out = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
real.after.each(({ out }) => rmSync(out, { recursive: true, force: true }));

real('learns, and tfjs predicts from the folder what the engine predicts', async (context) => {
  const run = digitsRun();
  const result = await only(request(context, digitsPlan(run)));
  assert.is(result.status, 'done');
  assert.ok(result.train.accuracy > 0.5, `train accuracy ${result.train.accuracy}`);

  const json = JSON.parse(readFileSync(join(result.folder, 'model', 'model.json'), 'utf8'));
  const bytes = readFileSync(join(result.folder, 'model', 'weights.bin'));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const [{ weights: weightSpecs }] = json.weightsManifest;
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData }));

  const source = openDigits();
  const facts = { sourceImage: source.image, classWeights: null };
  const compiled = compileRun(readyRun(run), buildRunLayers(run, '/runs/0'), facts);
  const values = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape } of weightSpecs as { name: string; shape: number[] }[]) {
    const size = shape.reduce((a, b) => a * b, 1);
    values.set(name, new Float32Array(weightData, offset, size));
    offset += 4 * size;
  }
  const left = await readRunFolder(result.folder);
  assert.equal(left.weights, values);
  assert.equal(left.metadata.source_image, source.image);
  assert.equal(left.result, result);
  const [stage] = compiled.stages as [(typeof compiled.stages)[0]];
  const session = await onnxEngine.open({ model: compiled.model, stage, weights: values, device: 'cpu' });
  const loader = await openLoader({
    source: run.data.source,
    only_classes: null,
    views: null,
    classes: 10,
    masks: [],
    seed: 1,
    ...compiled.preprocess,
    kernels: compiled.kernels,
  });
  const indices = Uint32Array.from({ length: 20 }, (_, i) => i);
  for await (const batch of loader.batches({
    split: 'test',
    indices,
    batch: 20,
    mode: 'evaluate',
    epoch: 1,
    skip: 0,
  })) {
    const pixels = batch.inputs.images!.slice(); // one channel: both layouts have the same order
    const engine = await session.predict(batch);
    const predicted = model.predict(tf.tensor4d(pixels, [20, 8, 8, 1]));
    const tfjs = await (Array.isArray(predicted) ? predicted[0]! : predicted).data();
    assert.is(engine.length, 200);
    for (const [i, value] of engine.entries()) assert.ok(Math.abs(value - tfjs[i]!) < 1e-5, `${value} ${tfjs[i]}`);
  }
  await loader.close();
  await session.close();
});

real('a run that was interrupted and resumed ends with the bytes of one that was not', async (context) => {
  const plan = digitsPlan();
  const weightsOf = (folder: string): Buffer => readFileSync(join(folder, 'model', 'weights.bin'));
  const whole = await only(request(context, plan));
  const abort = new AbortController();
  const listener = (event: RunEvent): void => {
    if (event.type === 'step' && event.epoch === 2 && event.step === 3) abort.abort();
  };
  const cut = await only(request(context, plan, { listeners: [listener], signal: abort.signal }));
  assert.is(cut.status, 'interrupted');
  assert.is(cut.epochs, 1);
  assert.ok(!weightsOf(cut.folder).equals(weightsOf(whole.folder)));
  const resume = await resumeFrom(cut.folder);
  const resumed = await only(request(context, plan, { plan: readyPlan(resume.plan), resume }));
  assert.is(resumed.folder, cut.folder, 'it stays where it was');
  assert.ok(weightsOf(resumed.folder).equals(weightsOf(whole.folder)));
  assert.equal(resumed.test, whole.test);
  assert.equal(resumed.validation, whole.validation);
});

real('a run continues another from its final weights; both lie in the folder of their time', async (context) => {
  const stage = digitsRun().stages[0]!;
  const first = digitsRun({ name: 'first', stages: [{ ...stage, epochs: 1 }] });
  const second = digitsRun({ name: 'second', continues: 'first', stages: [{ ...stage, epochs: 0 }] });
  const [a, b] = await trainPlan(request(context, digitsPlan(first, second)));
  assert.equal(b?.test, a?.test);
  const [time] = readdirSync(join(context.out, 'digits'));
  assert.equal(readdirSync(join(context.out, 'digits', time!)).sort(), ['first', 'second']);
});

real(
  'class weights, limits and a learning rate that explodes: ends with an explanation, weights still finite',
  async (context) => {
    const run = digitsRun();
    const stage = run.stages[0]!;
    const wild = {
      ...run,
      data: { ...run.data, class_weights: 'balanced' as const },
      stages: [
        { ...stage, optimizer: { kind: 'sgd' as const, lr: 1000, momentum: 0.99, nesterov: false, weight_decay: 0 } },
      ],
    };
    const events: RunEvent[] = [];
    const result = await only(request(context, digitsPlan(wild), { limit: 100, listeners: [(e) => events.push(e)] }));
    assert.is(result.status, 'diverged');
    const started = events.find((event) => event.type === 'run_started');
    assert.equal(started?.type === 'run_started' && started.images, { train: 80, validation: 20, test: 17, probe: 64 });
    const bytes = readFileSync(join(result.folder, 'model', 'weights.bin'));
    for (let at = 0; at < bytes.length; at += 4) assert.ok(Number.isFinite(bytes.readFloatLE(at)));
  },
);

real.run();
