// What data are known by: what changed is named, and files that come or go leave the others where they were.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourcePlan } from '../../../src/compiler/plan/plan.ts';
import { changesOf, type DataFingerprint, fingerprintOf } from '../../../src/runtime/data/fingerprint.ts';
import { openSource } from '../../../src/runtime/data/open-source.ts';
import { splitIndices } from '../../../src/runtime/data/split.ts';

const test = suite('data: fingerprint');

let root = '';
test.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-data-'));
});
test.after.each(() => rmSync(root, { recursive: true, force: true }));

/** A grey PNG whose size in bytes follows from its values. */
const image = (seed: number, size = 6): Uint8Array =>
  encode({
    width: size,
    height: size,
    channels: 1,
    depth: 8,
    data: Uint8Array.from({ length: size * size }, (_, i) => (seed * 37 + i * i * seed) % 256),
  });

/** `train/cat`, `train/dog` and `test` below the root, so many images each. */
const fill = (counts: Readonly<Record<string, number>>): void => {
  for (const [folder, count] of Object.entries(counts)) {
    mkdirSync(join(root, folder), { recursive: true });
    for (let i = 0; i < count; i += 1)
      writeFileSync(join(root, folder, `${i}.png`), image(i + Buffer.byteLength(folder) * 100 + folder.charCodeAt(6)));
  }
};

const plan = (): SourcePlan => ({ kind: 'folder', path: join(root, 'train'), test: join(root, 'test') });
const start = { 'train/cat': 12, 'train/dog': 11, 'test/cat': 3, 'test/dog': 3 };
const look = async (content = false, of = plan()): Promise<DataFingerprint> => {
  const source = await openSource(of);
  const seen = fingerprintOf(source, of, content);
  source.close();
  return JSON.parse(JSON.stringify(seen)) as DataFingerprint;
};

const swap = (a: string, b: string): void => {
  renameSync(join(root, a), join(root, 'aside'));
  renameSync(join(root, b), join(root, a));
  renameSync(join(root, 'aside'), join(root, b));
};

const changes: Readonly<Record<string, { readonly change: () => void; readonly said: RegExp }>> = {
  'a class folder is renamed': {
    change: () => {
      renameSync(join(root, 'train/dog'), join(root, 'train/wolf'));
      renameSync(join(root, 'test/dog'), join(root, 'test/wolf'));
    },
    said: /^they are without "dog" and with "wolf", which the run does not know$/,
  },
  'a file is added': {
    change: () => writeFileSync(join(root, 'train/cat/new.png'), image(7)),
    said: /^class "cat" of the train split has 13 images instead of 12$/,
  },
  'a test file is removed': {
    change: () => rmSync(join(root, 'test/dog/1.png')),
    said: /^class "dog" of the test split has 2 images instead of 3$/,
  },
  'a file is renamed': {
    change: () => renameSync(join(root, 'train/cat/1.png'), join(root, 'train/cat/one.png')),
    said: /^class "cat" of the train split has other files, or changed ones$/,
  },
  'a file has another size': {
    change: () => writeFileSync(join(root, 'train/dog/2.png'), image(3, 9)),
    said: /^class "dog" of the train split has other files, or changed ones$/,
  },
};

for (const [what, { change, said }] of Object.entries(changes)) {
  test(`${what}: it is named`, async () => {
    fill(start);
    const before = await look();
    assert.equal(changesOf(before, await look()), []);
    change();
    const found = changesOf(before, await look());
    assert.is(found.length, 1, found.join('; '));
    assert.match(found[0]!, said);
  });
}

test('two class folders that were swapped are named, with as many images in both', async () => {
  fill({ ...start, 'train/dog': 12 });
  const before = await look();
  swap('train/cat', 'train/dog');
  const found = changesOf(before, await look());
  assert.equal(
    found.map((clause) => /^class "(\w+)"/.exec(clause)?.[1]),
    ['cat', 'dog'],
  );
});

test('a changed pixel is named where images were read', async () => {
  fill(start);
  const file = join(root, 'train/cat/3.png');
  const [names, contents] = [await look(), await look(true)];
  const bytes = readFileSync(file);
  bytes[bytes.length - 70]! ^= 1; // before what a name's fingerprint looks at
  writeFileSync(file, bytes);
  assert.equal(changesOf(names, await look()), []);
  assert.equal(changesOf(contents, await look(true)), [
    'class "cat" of the train split has other images in files of the same names',
  ]);
});

test('data that were moved as a whole are the same', async () => {
  fill(start);
  const before = await look();
  mkdirSync(join(root, 'elsewhere'));
  for (const name of ['train', 'test']) renameSync(join(root, name), join(root, 'elsewhere', name));
  const moved: SourcePlan = { kind: 'folder', path: join(root, 'elsewhere/train'), test: join(root, 'elsewhere/test') };
  assert.equal(changesOf(before, await look(false, moved)), []);
});

test('digits have no files, and are the same each time', async () => {
  const of: SourcePlan = { kind: 'digits' };
  const seen = await look(false, of);
  assert.is(seen.splits.train[0]!.files, null);
  assert.equal(changesOf(seen, await look(false, of)), []);
});

/** Names of the files set aside for validation. */
const validation = async (): Promise<ReadonlySet<string>> => {
  const source = await openSource(plan());
  const { validation: part } = splitIndices(
    { limit: { train: null, test: null }, validation: { kind: 'fraction', fraction: 0.25, stratified: true } },
    { train: source.train.labels, test: source.test.labels },
  );
  return new Set(Array.from(part!.indices, (index) => source.fileOf!('train', index)));
};

test('a file that is added moves at most one file of its class between training and validation', async () => {
  fill({ ...start, 'train/cat': 40, 'train/dog': 40 });
  const before = await validation();
  for (let i = 0; i < 20; i += 1) {
    const added = join(root, 'train/cat', `added-${i}.png`);
    writeFileSync(added, image(i));
    const now = await validation();
    const moved = [...now].filter((file) => file !== added && !before.has(file));
    assert.ok(moved.length <= 1, `${moved.length} files that were trained on validate now`);
    assert.ok([...before].filter((file) => !now.has(file)).length <= 1);
    rmSync(added);
  }
});

test.run();
