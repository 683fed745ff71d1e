// Bits turned over and files cut short at seeded places: the same tensors, other values where a format has no checksum, or
// one line. Never a crash. TLP_FUZZ=200 tries more H5 files, each of which starts a worker.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { stream } from '../../../src/runtime/random.ts';
import { modelJson, weightsBin } from '../../../src/runtime/run-folder/model-files.ts';
import { loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { fixture, fixtureRun, modelFilesOf } from '../../support/weights-fixture.ts';

const damaged = suite('damaged weight files');
const folder = mkdtempSync(join(tmpdir(), 'tlp-damaged-'));
damaged.after(() => rmSync(folder, { recursive: true }));

const run = fixtureRun();
const { model } = buildRunLayers(run, '/runs/0');
const options = { part: 'backbone', skipMismatch: false } as const;
const h5Tries = Number(process.env.TLP_FUZZ ?? 8);

type Damage = (bytes: Buffer, draw: () => number) => Buffer;

const cut: Damage = (bytes, draw) => bytes.subarray(0, Math.floor(draw() * bytes.length));
const flip: Damage = (bytes, draw) => {
  const copy = Buffer.from(bytes);
  for (let count = 1 + Math.floor(draw() * 4); count > 0; count -= 1) {
    const at = Math.floor(draw() * copy.length);
    copy[at] = copy[at]! ^ (1 << Math.floor(draw() * 8));
  }
  return copy;
};

type Outcome = 'the same' | 'other values' | 'refused';

/** Every tensor that comes must have its size; a refusal must be one line. */
const outcomeOf = async (path: string, right: ReadonlyMap<string, Float32Array>): Promise<Outcome> => {
  const result = await loadWeights(model, path, options);
  if (result.kind === 'refused') {
    assert.ok(result.message.startsWith(path), result.message);
    assert.not.match(result.message, /\n|Error|at .*:\d+/);
    return 'refused';
  }
  assert.equal([...result.weights.keys()], [...right.keys()]);
  let same = true;
  for (const [name, values] of right) {
    const found = result.weights.get(name)!;
    assert.is(found.length, values.length, name);
    same &&= found.every((value, i) => Object.is(value, values[i]));
  }
  return same ? 'the same' : 'other values';
};

/** Damages `bytes` in `tries` seeded ways, writes each to `path`, and counts what comes of `main`, the file to open. */
const tryAll = async (bytes: Buffer, path: string, tries: number, how: Damage, main = path) => {
  writeFileSync(path, bytes);
  const whole = await loadWeights(model, main, options);
  if (whole.kind === 'refused') throw new Error(whole.message);
  const counts: Record<Outcome, number> = { 'the same': 0, 'other values': 0, refused: 0 };
  for (let index = 0; index < tries; index += 1) {
    writeFileSync(path, how(bytes, stream(9, how.name, index)));
    try {
      counts[await outcomeOf(main, whole.weights)] += 1;
    } catch (error) {
      throw new Error(`${how.name} ${index} of ${path}: ${(error as Error).message}`);
    }
  }
  writeFileSync(path, bytes);
  return counts;
};

for (const name of ['trunk.h5', 'trunk.weights.h5']) {
  damaged(`${name}: cut`, async () => {
    const counts = await tryAll(readFileSync(fixture(name)), join(folder, name), h5Tries / 4, cut);
    assert.is(counts.refused, h5Tries / 4);
  });
  damaged(`${name}: bits turned over`, async () => {
    await tryAll(readFileSync(fixture(name)), join(folder, name), h5Tries, flip);
  });
}

damaged('whole.keras: a checksum notices all that matters', async () => {
  const bytes = readFileSync(fixture('whole.keras'));
  const cuts = await tryAll(bytes, join(folder, 'cut.keras'), 50, cut);
  assert.is(cuts.refused, 50);
  const flips = await tryAll(bytes, join(folder, 'flip.keras'), 50, flip);
  assert.is(flips['other values'], 0);
  assert.ok(flips.refused > 25, `${flips.refused}`);
});

damaged('safetensors', async () => {
  const bytes = readFileSync(fixture('trunk-f32.safetensors'));
  const cuts = await tryAll(bytes, join(folder, 'cut'), 50, cut);
  assert.is(cuts.refused, 50);
  const flips = await tryAll(bytes, join(folder, 'flip'), 150, flip);
  assert.ok(flips.refused > 0 && flips['other values'] > 0);
});

damaged('model.json and its shard', async () => {
  const files = modelFilesOf(run);
  const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  const values = new Map(files.weights.map(({ name, shape }) => [name, new Float32Array(count(shape))]));
  const json = Buffer.from(modelJson(files, null));
  const shard = Buffer.from(weightsBin(files, values));
  const [main, part] = [join(folder, 'model.json'), join(folder, 'weights.bin')];
  writeFileSync(part, shard);
  const cuts = await tryAll(json, main, 30, cut);
  assert.is(cuts.refused, 30);
  await tryAll(json, main, 100, flip);
  assert.is((await tryAll(shard, part, 30, cut, main)).refused, 30);
  assert.is((await tryAll(shard, part, 30, flip, main))['other values'] > 0, true);
});

damaged.run();
