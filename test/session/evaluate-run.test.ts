// A run is trained and then measured from its folder alone: the numbers of its result, and the same on other data.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import { openSource } from '../../src/runtime/data/open-source.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { balancedPart } from '../../src/runtime/data/split.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import type { RunResult } from '../../src/runtime/events.ts';
import { type EvaluateRequest, evaluateRun } from '../../src/session/evaluate-run.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { digitsPlan, digitsRun } from '../support/digits-plan.ts';
import { readyPlan } from '../support/trainable.ts';

const test = suite('evaluate a run');

let root = '';
let folder = '';
let run: RunPlan;
let result: RunResult;

test.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-evaluate-'));
  const base = digitsRun();
  run = {
    ...base,
    data: { ...base.data, validation: { kind: 'fraction', fraction: 0.2, stratified: false } },
    stages: base.stages.map((stage) => ({ ...stage, epochs: 2, early_stopping: null })),
  };
  const results = await trainPlan({
    plan: readyPlan(digitsPlan(run)),
    text: '',
    version: '0.0.0',
    engines,
    device: 'cpu',
    out: join(root, 'runs'),
    listeners: [],
    signal: new AbortController().signal,
  });
  result = results[0]!;
  folder = join(root, 'moved');
  renameSync(result.folder, folder);
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const evaluate = (data: EvaluateRequest['data'] = { kind: 'own' }, split?: EvaluateRequest['split']) =>
  evaluateRun({ folder, engines, device: 'cpu', data, split });

test('loss and accuracy are those that the run measured, to the last bit', async () => {
  const found = await evaluate();
  assert.is(found.measured, 'test');
  assert.is(found.images, 50);
  assert.equal(found.score, result.test);
  assert.equal(found.recorded, result.test);
  assert.equal((await evaluate({ kind: 'own' }, 'validation')).score, result.validation);
});

test('the report counts every image once, and its recall is the accuracy', async () => {
  const { report, score, images, top5 } = await evaluate();
  assert.is(report.weighted.support, images);
  assert.ok(Math.abs(report.weighted.recall - score.accuracy) < 1e-12);
  assert.ok(top5 !== null && top5 >= score.accuracy && top5 <= 1);
});

/** The test images of the run as files, one folder for each class. */
const writeFolder = async (name: string): Promise<string> => {
  const source = await openSource({ kind: 'digits' });
  const all = Uint32Array.from({ length: source.test.count }, (_, i) => i);
  for (const index of balancedPart(all, source.test.labels, 50)) {
    const pixels = new Uint8Array(64);
    source.read('test', index, pixels);
    const at = join(root, name, `${source.test.labels[index]}`);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `${index}.png`), encode({ width: 8, height: 8, channels: 1, depth: 8, data: pixels }));
  }
  return join(root, name);
};

test('the same images in folders of classes give the same report', async () => {
  const path = await writeFolder('classes');
  const found = await evaluate({ kind: 'folder', path });
  const own = await evaluate();
  assert.is(found.measured, 'folder');
  assert.equal(found.report, own.report);
  assert.is(found.score.accuracy, own.score.accuracy);
  // Sums of batches of other images: equal up to rounding.
  assert.ok(Math.abs(found.score.loss - own.score.loss) < 1e-6);
});

test('classes may be missing, and go by their names', async () => {
  const path = await writeFolder('some');
  for (const label of [0, 1, 2]) rmSync(join(path, `${label}`), { recursive: true });
  const { report } = await evaluate({ kind: 'folder', path });
  const { report: whole } = await evaluate();
  const recall = (of: typeof report, name: string) => of.classes.find((scores) => scores.class === name)?.recall;
  for (const name of ['3', '7', '9']) assert.is(recall(report, name), recall(whole, name), name);
});

test('the data of another plan are measured as the run prepares its images', async () => {
  const other = { ...run.data, limit: { train: null, test: null } };
  const found = await evaluate({ kind: 'plan', data: other });
  assert.is(found.images, 360);
  assert.is(found.recorded, null);
});

const refused = async (work: Promise<unknown>, kind: typeof DataError | typeof SessionError, words: RegExp) => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, kind);
  assert.match((error as Error).message, words);
};

test('a class that the run lacks is refused by name', async () => {
  const path = await writeFolder('more');
  mkdirSync(join(path, 'ten'));
  await refused(
    evaluate({ kind: 'folder', path }),
    DataError,
    /has a class ten that the run lacks: its classes are 0, 1/,
  );
  const shapes = { ...run.data, source: { kind: 'shapes', classes: 2, train: 10, test: 4, seed: 1 } } as const;
  await refused(
    evaluate({ kind: 'plan', data: shapes }),
    SessionError,
    /^the data have a class \w+ that the run lacks: /,
  );
});

test('a damaged image is named, and a folder has no splits', async () => {
  const path = await writeFolder('damaged');
  writeFileSync(join(path, '4', 'a.png'), 'nothing');
  await refused(evaluate({ kind: 'folder', path }), DataError, /4\/a\.png is no image of a kind that is read\./);
  await refused(evaluate({ kind: 'folder', path }, 'test'), SessionError, /^a folder of images has no splits/);
});

test('a split that is not there is refused', async () => {
  const data = { ...run.data, validation: { kind: 'none' } } as const;
  await refused(
    evaluate({ kind: 'plan', data }, 'validation'),
    SessionError,
    /no validation split: write --split test or/,
  );
});

test.run();
