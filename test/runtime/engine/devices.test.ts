// Trying devices: the CPU always works; what does not is told with a cure.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder } from '../../../src/compiler/graph/builder.ts';
import { encodeOnnx } from '../../../src/compiler/onnx/encode.ts';
import { probeDevices } from '../../../src/runtime/engine/onnx/probe-devices.ts';
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
