// `freeze all` with `epochs 0`: a run that measures what it starts from, and leaves it as it is. Needs `npm run build`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { readyPlan } from '../support/trainable.ts';

const test = suite('a run that only measures');

const text = `data { source digits; limit 200 (test: 100) }
backbone cnn { conv 4 3x3 same; batch_normalization; activation relu; max_pool 2x2 }
head { flatten }
run "trained" { epochs 1 }
run "measured" continues "trained" { freeze all; epochs 0 }
`;

test('has the scores and the bytes of the run that it continues', async () => {
  const out = mkdtempSync(join(tmpdir(), 'tlp-measure-'));
  try {
    const { plan } = checkText(text, 'digits.tlp');
    const results = await trainPlan({
      plan: readyPlan(plan!),
      text,
      out,
      version: '0.0.0',
      engines: [onnxEngine],
      device: 'cpu',
      listeners: [],
      signal: new AbortController().signal,
    });
    const [trained, measured] = results;
    assert.ok(trained !== undefined && measured !== undefined);
    assert.equal(measured.test, trained.test);
    const weights = (folder: string): Buffer => readFileSync(join(folder, 'model', 'weights.bin'));
    assert.ok(weights(measured.folder).equals(weights(trained.folder)));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test.run();
