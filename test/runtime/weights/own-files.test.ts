// What tlp itself writes is a weight file, too: run folders, their models, kept weights, checkpoints.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { encodeTensors } from '../../../src/runtime/checkpoint/safetensors.ts';
import { initialWeights } from '../../../src/runtime/init-weights.ts';
import { modelJson, weightsBin } from '../../../src/runtime/run-folder/model-files.ts';
import { loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { layer } from '../../support/run-plan.ts';
import { fixtureRun, modelFilesOf } from '../../support/weights-fixture.ts';

const own = suite('weight files of tlp');
const folder = mkdtempSync(join(tmpdir(), 'tlp-own-'));
own.after(() => rmSync(folder, { recursive: true }));

const run = fixtureRun();
const { model } = buildRunLayers(run, '/runs/0');
const weights = initialWeights(model, 5);

const prepare = (): void => {
  const files = modelFilesOf(run);
  const bin = weightsBin(files, weights);
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'model.json'), modelJson(files, bin));
  writeFileSync(join(folder, 'model', 'weights.bin'), bin);
  writeFileSync(join(folder, 'kept.safetensors'), encodeTensors({ metadata: { tlp: 'weights 1' }, tensors: weights }));
  const slots = [...weights].map(([name, values]) => [`slots:${name}/momentum`, values] as const);
  const tensors = new Map([...[...weights].map(([name, values]) => [`weights:${name}`, values] as const), ...slots]);
  const metadata = { tlp: 'checkpoint 1', state: '{}' };
  writeFileSync(join(folder, 'checkpoint.safetensors'), encodeTensors({ metadata, tensors }));
};
own.before(prepare);

for (const [place, kind] of [
  ['.', 'run'],
  ['model', 'run'],
  ['model/model.json', 'tfjs'],
  ['kept.safetensors', 'safetensors'],
  ['checkpoint.safetensors', 'safetensors'],
] as const) {
  own(`${place}: all weights come back`, async () => {
    const result = await loadWeights(model, join(folder, place), { part: 'all', skipMismatch: false });
    if (result.kind === 'refused') throw new Error(result.message);
    assert.equal([result.file, result.by], [kind, 'name']);
    assert.equal([...result.weights.keys()].sort(), [...weights.keys()].sort());
    for (const [name, values] of weights) assert.equal(result.weights.get(name), values, name);
  });
}

own('the trunk of a run goes into a network with another head', async () => {
  const plan = fixtureRun();
  const head = [layer.flatten(), layer.dense(7), layer.dense(4, { activation: 'softmax', name: 'predictions' })];
  const other = buildRunLayers({ ...plan, head }, '/runs/0').model;
  const result = await loadWeights(other, folder, { part: 'backbone', skipMismatch: false });
  if (result.kind === 'refused') throw new Error(result.message);
  assert.equal(result.unused, ['predictions']);
  assert.equal(result.weights.get('stem/kernel'), weights.get('stem/kernel'));
  assert.is(result.weights.has('predictions/kernel'), false);
});

own('weights that are not those of the run are refused', async () => {
  const files = modelFilesOf(run);
  const bytes = weightsBin(files, weights);
  mkdirSync(join(folder, 'changed'));
  writeFileSync(join(folder, 'changed', 'model.json'), modelJson(files, bytes));
  bytes[100]! ^= 1;
  writeFileSync(join(folder, 'changed', 'weights.bin'), bytes);
  const result = await loadWeights(model, join(folder, 'changed'), { part: 'backbone', skipMismatch: false });
  assert.is(result.kind, 'refused');
  if (result.kind === 'refused') assert.match(result.message, /is damaged: its weights do not have their checksum/);
});

own('a run of another network is refused', async () => {
  const layers = [layer.conv(8, 3), layer.conv(8, 3)];
  const other = buildRunLayers(
    fixtureRun(() => layers),
    '/runs/0',
  ).model;
  const result = await loadWeights(other, folder, { part: 'backbone', skipMismatch: false });
  assert.is(result.kind, 'refused');
  if (result.kind === 'refused')
    assert.match(result.message, /is a run folder of another network: \d+ tensors do not fit/);
});

own.run();
