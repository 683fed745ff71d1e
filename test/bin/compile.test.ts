// `tlp compile` and `tlp doctor` as a person starts them. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const quickstart = resolve('pipelines/quickstart.tlp');

interface Context {
  folder: string;
}

const compile = suite<Context>('tlp compile');

compile.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
compile.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const call = ({ folder }: Context, ...parameters: string[]) =>
  spawnSync(process.execPath, [resolve('dist/tlp.js'), ...parameters], { cwd: folder, timeout: 60_000 });

compile('layers, training graph and kernel are printed', (context) => {
  const printed = (emit: string) => call(context, 'compile', quickstart, '--emit', emit).stdout.toString();
  assert.match(printed('layers'), /^name: cnn\n/);
  assert.match(printed('training'), /\ngraph train\n/);
  assert.match(printed('kernel'), 'return function kernel');
  assert.equal(readdirSync(context.folder), []);
});

compile('--run: one run of several, and a name that none has', (context) => {
  const heads = resolve('pipelines/resnet50-heads-clean.tlp');
  const plain = call(context, 'compile', heads, '--emit', 'layers', '--run', 'plain').stdout.toString();
  assert.is(plain.match(/^name: /gm)?.length, 1);
  assert.match(plain, /name: dense, .*units: 128/);
  const { status, stderr } = call(context, 'compile', heads, '--emit', 'layers', '--run', 'plein');
  assert.is(status, 2);
  assert.match(stderr.toString(), /it has "plain", "wide", "regular"/);
});

compile('layers to a .json file: the topology that tfjs takes', (context) => {
  assert.is(call(context, 'compile', quickstart, '--emit', 'layers', '--out', 'model.json').status, 0);
  const topology = JSON.parse(readFileSync(join(context.folder, 'model.json'), 'utf8'));
  assert.is(topology.class_name, 'Functional');
});

compile('onnx goes to a file that onnxruntime opens, under a name of its own or the given one', async (context) => {
  assert.is(call(context, 'compile', quickstart, '--emit', 'onnx').status, 0);
  assert.is(call(context, 'compile', quickstart, '--emit', 'onnx', '--out', 'step.onnx').status, 0);
  assert.equal(readdirSync(context.folder).sort(), ['quickstart.train-step.onnx', 'step.onnx']);
  const session = await ort.InferenceSession.create(join(context.folder, 'step.onnx'));
  for (const name of ['images', 'labels', 'learning_rate', 'iteration']) assert.ok(session.inputNames.includes(name));
  for (const name of ['loss', 'correct']) assert.ok(session.outputNames.includes(name));
  await session.release();
});

compile('onnx into a pipe when asked', (context) => {
  const { stdout, status } = call(context, 'compile', quickstart, '--emit', 'onnx', '--out', '-');
  assert.is(status, 0);
  call(context, 'compile', quickstart, '--emit', 'onnx', '--out', 'step.onnx');
  assert.ok(readFileSync(join(context.folder, 'step.onnx')).equals(stdout));
});

compile('a place that cannot be written: exit 2 and one line', (context) => {
  const { status, stderr } = call(context, 'compile', quickstart, '--emit', 'onnx', '--out', '/nowhere/step.onnx');
  assert.is(status, 2);
  assert.match(stderr.toString(), /^tlp: \/nowhere\/step\.onnx cannot be [^\n]*\n$/);
});

compile.run();

const doctor = suite<Context>('tlp doctor');

doctor('says of each device whether it works, and why not', (context) => {
  const { stdout, status } = call({ folder: context.folder ?? '.' }, 'doctor', '--json');
  assert.is(status, 0);
  const facts = JSON.parse(stdout.toString());
  assert.is(facts.node, process.versions.node);
  const devices: { engine: string; device: string; works: boolean; detail: string }[] = facts.devices;
  assert.ok(devices.some(({ device, works }) => device === 'cpu' && works));
  for (const { detail } of devices) assert.match(detail, /^[^\n]+$/);
});

doctor.run();
