// What makes scores on data lie is said before the training, and nothing is said of sound data.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourcePlan } from '../../src/compiler/plan/plan.ts';
import { openSource } from '../../src/runtime/data/open-source.ts';
import { trainDataOf } from '../../src/runtime/trainer/train-data.ts';
import { dataWarnings } from '../../src/session/data-warnings.ts';
import { digitsRun } from '../support/digits-plan.ts';
import { readyRun } from '../support/trainable.ts';

const test = suite('warnings of data');

let root = '';
test.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-warn-'));
});
test.after.each(() => rmSync(root, { recursive: true, force: true }));

const image = encode({ width: 4, height: 4, channels: 1, depth: 8, data: new Uint8Array(16) });
const fill = (...folders: readonly string[]): void => {
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
    for (let i = 0; i < 8; i += 1) writeFileSync(join(root, folder, `${i}.png`), image);
  }
};

const warned = async (source: SourcePlan): Promise<readonly string[]> => {
  const run = readyRun(digitsRun());
  const data = { ...run.data, source, limit: { train: null, test: null } };
  const opened = await openSource(source);
  return dataWarnings(opened, source, trainDataOf({ ...run, data }, opened));
};

const folder = (path: string, other: string | null = null): SourcePlan => ({
  kind: 'folder',
  path: join(root, path),
  test: other === null ? null : join(root, other),
});

test('sound data', async () => {
  fill('train/a', 'train/b', 'test/a', 'test/b');
  assert.equal(await warned(folder('train', 'test')), []);
  assert.equal(await warned({ kind: 'digits' }), []);
});

test('splits taken for classes, with what was meant', async () => {
  fill('pets/train/a', 'pets/val/a', 'pets/test/a');
  const [warning, ...others] = await warned(folder('pets'));
  assert.equal(others, []);
  assert.match(
    warning!,
    /The classes are test, train, val: these are splits.*folder\(".*pets\/train", test: ".*pets\/test"\)\?$/,
  );
});

test('the test folder is the train folder, by a link too, or lies in it', async () => {
  fill('train/a', 'train/b');
  assert.match((await warned(folder('train', 'train')))[0]!, /is the train folder: its images are trained on/);
  symlinkSync(join(root, 'train'), join(root, 'again'));
  assert.match((await warned(folder('train', 'again')))[0]!, /is the train folder/);
});

const table = (rows: readonly string[]): SourcePlan => {
  writeFileSync(join(root, 'table.csv'), ['file,what', ...rows, ''].join('\n'));
  return { kind: 'csv', path: join(root, 'table.csv'), image: 'file', label: 'what' };
};

test('rows that stand twice, and an image with two labels', async () => {
  fill('img');
  const rows = Array.from({ length: 8 }, (_, i) => `img/${i}.png,${i % 2 === 0 ? 'even' : 'odd'}`);
  assert.equal(await warned(table(rows)), []);
  const [twice] = await warned(table([...rows, 'img/3.png,odd']));
  assert.match(twice!, /^1 images of .*table\.csv stand there more than once: .*3\.png\./);
  const [torn] = await warned(table([...rows, 'img/3.png,even']));
  assert.match(torn!, /^1 images of .*table\.csv have more than one label: .*3\.png \((odd and even|even and odd)\)\./);
});

test('a class that no train image has', async () => {
  fill('train/a', 'train/b');
  const source = folder('train');
  const opened = await openSource(source);
  const run = readyRun(digitsRun());
  const data = trainDataOf({ ...run, data: { ...run.data, source, limit: { train: null, test: null } } }, opened);
  const onlyA = data.train.filter((index) => opened.train.labels[index] === 0);
  assert.equal(dataWarnings(opened, source, { ...data, train: onlyA }), [
    'No image to train on has the class b: it cannot be learned.',
  ]);
});

test.run();
