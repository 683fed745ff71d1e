// Trying devices: the CPU always works; what does not is told with a cure; what was found once is not tried again.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder } from '../../../src/compiler/graph/builder.ts';
import { encodeOnnx } from '../../../src/compiler/onnx/encode.ts';
import {
  candidates,
  chooseDevice,
  forgetDevice,
  type HostFacts,
} from '../../../src/runtime/engine/onnx/choose-device.ts';
import { probeDevices } from '../../../src/runtime/engine/onnx/probe-devices.ts';
import type { Trial } from '../../../src/runtime/engine/onnx/trial.ts';
import { TRIAL_MODEL, TRIAL_SHAPES } from '../../../src/runtime/engine/onnx/trial-model.ts';

const devices = suite('devices');

devices('the trial model is what the compiler gives', () => {
  const b = createBuilder();
  const x = b.input('x', 'float32', TRIAL_SHAPES.x);
  const w = b.input('w', 'float32', TRIAL_SHAPES.w);
  const y = b.add(
    { op: 'Conv', strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1, kernel_shape: [3, 3] },
    [x, w],
  );
  assert.is(Buffer.from(encodeOnnx(b.finish([y], 'trial'))).toString('base64'), TRIAL_MODEL);
});

devices('the CPU works, and every device says what it is or what would cure it', async () => {
  const reports = await probeDevices();
  assert.equal(
    reports.map(({ device }) => device),
    ['cpu', 'webgpu', 'cuda'],
  );
  assert.ok(reports[0]?.works);
  for (const { detail } of reports) assert.not.match(detail, /\n|onnxruntime_src/);
});

devices.run();

const facts: HostFacts = {
  onnxruntime: '1.30.0',
  node: '20.20.2',
  platform: 'linux',
  arch: 'x64',
  processor: 'made up',
  cores: 2,
  graphics: ['/dev/dri/renderD128', '/dev/nvidia0'],
};

interface Context {
  root: string;
}

const choosing = suite<Context>('the device of auto');

choosing.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
choosing.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

/** Milliseconds of the trial on each device; one that is not named does not work. */
const machine = (milliseconds: Readonly<Record<string, number>>) => {
  const tried: string[] = [];
  const attempt = async (device: string): Promise<Trial> => {
    tried.push(device);
    const time = milliseconds[device];
    return time === undefined ? { error: 'not here' } : { milliseconds: time };
  };
  return { tried, attempt };
};

choosing('where no graphics card can be, nothing is tried and nothing written', async ({ root }) => {
  const { tried, attempt } = machine({ cpu: 10, webgpu: 1 });
  assert.is(await chooseDevice({ root, facts: { ...facts, graphics: [] }, attempt }), 'cpu');
  assert.equal(tried, []);
  assert.equal(readdirSync(root), []);
});

choosing('what can be there: CUDA with its driver alone, WebGPU on every system', () => {
  assert.equal(candidates(facts), ['cuda', 'webgpu']);
  assert.equal(candidates({ ...facts, graphics: ['/dev/dri/renderD128'] }), ['webgpu']);
  assert.equal(candidates({ ...facts, platform: 'darwin', graphics: null }), ['webgpu']);
  assert.equal(candidates({ ...facts, platform: 'win32', graphics: null }), ['cuda', 'webgpu']);
});

choosing(
  'the fastest wins by half at least, and the CPU is tried only against another that works',
  async ({ root }) => {
    const alone = machine({ cpu: 10 });
    assert.is(await chooseDevice({ root, facts, attempt: alone.attempt }), 'cpu');
    assert.equal(alone.tried, ['cuda', 'webgpu']);
    const close = machine({ cpu: 10, webgpu: 8 });
    assert.is(await chooseDevice({ root: join(root, 'a'), facts, attempt: close.attempt }), 'cpu');
    const both = machine({ cpu: 10, webgpu: 2, cuda: 1 });
    assert.is(await chooseDevice({ root: join(root, 'b'), facts, attempt: both.attempt }), 'cuda');
  },
);

choosing('the answer is kept until a fact changes, the device fails, or the file cannot be read', async ({ root }) => {
  const { tried, attempt } = machine({ cpu: 10, webgpu: 2 });
  const choose = (changes: Partial<HostFacts> = {}) => chooseDevice({ root, facts: { ...facts, ...changes }, attempt });
  assert.is(await choose(), 'webgpu');
  const count = tried.length;
  assert.is(await choose(), 'webgpu');
  assert.is(tried.length, count, 'not tried again');
  await choose({ onnxruntime: '1.31.0' });
  assert.is(tried.length, 2 * count);
  await forgetDevice(root);
  await choose({ onnxruntime: '1.31.0' });
  assert.is(tried.length, 3 * count);
  writeFileSync(join(root, 'device.json'), 'damaged');
  assert.is(await choose(), 'webgpu');
  assert.is(tried.length, 4 * count);
  assert.equal(readdirSync(root), ['device.json']);
});

choosing('a cache that cannot be written costs nothing but time', async () => {
  const { attempt } = machine({ cpu: 10, webgpu: 2 });
  assert.is(await chooseDevice({ root: '/dev/null/cache', facts, attempt }), 'webgpu');
});

choosing.run();
