// Where the weights of a run come from, trained for real on digits. Needs `npm run build`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { DownloadError } from '../../src/runtime/download/download-error.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';
import { readRunFolder } from '../../src/runtime/run-folder/read-run-folder.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { readyPlan } from '../support/trainable.ts';

interface Context {
  out: string;
}

const test = suite<Context>('start weights');

test.before.each((context) => {
  context.out = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after.each(({ out }) => rmSync(out, { recursive: true, force: true }));

const file = (backbone: string, runs = ''): string => `
data { source digits; limit(train: 64, test: 20) }
backbone cnn { ${backbone} }
head { flatten; dense 8 relu }
schedule { batch 32; epochs 1 }
${runs}
`;
const layers = 'conv 4 3x3 relu (name: "first"); conv 6 3x3 relu (name: "second")';

const planOf = (text: string): Plan => {
  const { plan, diagnostics } = checkText(text, 'digits.tlp');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
};

const train = async (out: string, text: string, events: RunEvent[] = []): Promise<readonly RunResult[]> =>
  trainPlan({
    plan: readyPlan(planOf(text)),
    text,
    out,
    version: '0.0.0',
    engines: [onnxEngine],
    device: 'cpu',
    listeners: [(event) => events.push(event)],
    signal: new AbortController().signal,
  });

/** Names of the weights that are the same bytes in the folders of two runs. */
const shared = async (a: RunResult, b: RunResult): Promise<readonly string[]> => {
  const [first, second] = await Promise.all([readRunFolder(a.folder), readRunFolder(b.folder)]);
  const same = (x: Float32Array, y: Float32Array | undefined): boolean =>
    y !== undefined &&
    Buffer.from(x.buffer, x.byteOffset, x.byteLength).equals(Buffer.from(y.buffer, y.byteOffset, y.byteLength));
  return [...first.weights].flatMap(([name, values]) => (same(values, second.weights.get(name)) ? [name] : []));
};

const backboneWeights = ['first/kernel', 'first/bias', 'second/kernel', 'second/bias'];

test('of an earlier run: the backbone alone, and frozen it stays so', async ({ out }) => {
  const runs = 'run "a" { seed 1 }\nrun "b" { weights run("a"); freeze backbone; seed 2 }';
  const [a, b] = await train(out, file(layers, runs));
  assert.equal(await shared(a!, b!), backboneWeights);
});

test('of the folder of a run', async ({ out }) => {
  const [a] = await train(out, file(layers));
  const [b] = await train(out, `seed 7${file(`weights file("${a!.folder}"); ${layers}`)}freeze backbone`);
  assert.equal(await shared(a!, b!), backboneWeights);
});

test('of another network: refused tensor by tensor, or left fresh where that is wanted', async ({ out }) => {
  const [a] = await train(out, file(layers));
  const wider = layers.replace('conv 6', 'conv 7');
  const error = await train(out, file(`weights file("${a!.folder}"); ${wider}`)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SessionError);
  assert.equal((error as SessionError).details, [
    'second/kernel: 3x3x4x7 expected, 3x3x4x6 found',
    'second/bias: 7 expected, 6 found',
  ]);
  const events: RunEvent[] = [];
  const skipping = `weights file("${a!.folder}", skip_mismatch: true); ${wider}`;
  const [b] = await train(out, `${file(skipping)}freeze backbone`, events);
  assert.equal(await shared(a!, b!), ['first/kernel', 'first/bias']);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  assert.match(warnings.join('\n'), /2 weights of .* start fresh, .*second\/kernel: 3x3x4x7 expected, 3x3x4x6 found/);
});

test('a file that is not there is one line', async ({ out }) => {
  const error = await train(out, file(`weights file("${join(out, 'nowhere.h5')}"); ${layers}`)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SessionError);
  assert.match((error as SessionError).message, /nowhere\.h5/);
});

test('ImageNet weights that are not here and cannot be fetched: one line with file, address and folder', async ({
  out,
}) => {
  const before = { KERAS_HOME: process.env.KERAS_HOME, TLP_WEIGHTS_MIRROR: process.env.TLP_WEIGHTS_MIRROR };
  // nobody listens on this port: the connection is refused at once
  Object.assign(process.env, { KERAS_HOME: out, TLP_WEIGHTS_MIRROR: 'http://127.0.0.1:1' });
  const text = `
data { source digits; size 32x32; limit(train: 16, test: 4) }
backbone mobilenetv2 { weights imagenet }
head { global_average_pooling }
schedule { epochs 1 }`;
  try {
    const error = await train(out, text).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.instance(error, DownloadError);
    const { message } = error as DownloadError;
    for (const part of ['mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5', '127.0.0.1:1', out]) {
      assert.ok(message.includes(part), message);
    }
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('a run of a sweep takes weights of the same combination', () => {
  const runs =
    'run "a" { optimizer adam(lr: lr) }\nrun "b" { weights run("a") }\nparam lr = 1e-3\nsweep { lr in [1e-2, 1e-3] }';
  const names = planOf(file(layers, runs)).runs.map(({ name, backbone: { weights } }) => [name, weights]);
  assert.equal(names, [
    ['a lr=0.01', { kind: 'none' }],
    ['b lr=0.01', { kind: 'run', name: 'a lr=0.01' }],
    ['a lr=0.001', { kind: 'none' }],
    ['b lr=0.001', { kind: 'run', name: 'a lr=0.001' }],
  ]);
});

test('a file whose weights want another range says so, and the data follow', () => {
  const text = (range: string): string => `
data { source cifar10; size 96x96 }
backbone mobilenetv2 { weights file("trunk.json"${range}) }
head { global_average_pooling }`;
  const kinds = ['', ', range: 0..1', ', range: -1..1', ', range: 0..255'].map(
    (range) => planOf(text(range)).runs[0]!.data.normalize.kind,
  );
  assert.equal(kinds, ['signed', 'unit', 'signed', 'none']);
  const { diagnostics } = checkText(text(', range: 0..2'), 'x.tlp');
  assert.match(diagnostics.map(({ message }) => message).join(), /No normalization gives values of 0\.\.2/);
});

test.run();
