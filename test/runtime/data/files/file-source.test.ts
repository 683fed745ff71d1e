// Folders and tables of images as sources: classes, order, labels, splits, and what is said when they are not as they should be.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourcePlan } from '../../../../src/compiler/plan/plan.ts';
import { parseCsv } from '../../../../src/runtime/data/files/read-csv.ts';
import { openSource } from '../../../../src/runtime/data/open-source.ts';
import { DataError, type Source, type Wanted } from '../../../../src/runtime/data/source.ts';

const test = suite('data: folder and csv');

let root = '';
test.before(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-files-'));
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const wanted: Wanted = { image: { height: 4, width: 4, channels: 3 }, interpolation: 'bilinear', antialias: false };

/** A PNG of one colour; its red says which image it is. */
const plain = (red: number, size = 4): Uint8Array =>
  encode({
    width: size,
    height: size,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: size * size * 3 }, (_, i) => (i % 3 === 0 ? red : 0)),
  });

/** Writes files (path → bytes) into a new folder of the test, and gives its path. */
let made = 0;
const folderOf = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const folder = join(root, `${made++}`);
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
};
const folder = (path: string, other: string | null = null): SourcePlan => ({ kind: 'folder', path, test: other });
const csv = (path: string): SourcePlan => ({ kind: 'csv', path, image: 'file', label: 'what' });

/** Red and class of each image of a split, sorted by red. */
const contents = async (source: Source, split: 'train' | 'test'): Promise<readonly string[]> => {
  const into = new Uint8Array(4 * 4 * source.image.channels);
  const found: string[] = [];
  for (const [i, label] of source[split].labels.entries()) {
    await source.read(split, i, into);
    found.push(`${into[0]} ${source.classes[label]}`);
  }
  return found.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
};

const fails = async (plan: SourcePlan, pattern: RegExp): Promise<void> => {
  let message = 'it opened';
  try {
    const source = await openSource(plan, wanted);
    await contents(source, 'train');
  } catch (error) {
    assert.instance(error, DataError, String(error));
    message = (error as Error).message;
  }
  assert.match(message, pattern);
  assert.not.match(message, /\n|\bat .*:\d+/);
};

test('classes are the folders in order of name; images of any size, in folders within, PNG and JPEG', async () => {
  const jpeg = readFileSync(new URL('../../../support/images/grey.jpg', import.meta.url));
  const path = folderOf({
    'tulip/a.png': plain(10),
    'tulip/more/b.PNG': plain(20, 9),
    'rose/c.png': plain(30, 1),
    'rose/photo.jpg': jpeg,
    'rose/named-as.jpeg': plain(40),
    'rose/notes.txt': 'not an image',
    'rose/.DS_Store': 'x',
    '.ipynb_checkpoints/x.png': plain(1),
    'README.md': 'about',
  });
  const source = await openSource(folder(path), wanted);
  assert.equal(source.classes, ['rose', 'tulip']);
  assert.equal(source.image, wanted.image);
  assert.is(source.test.count, 0);
  const all = await contents(source, 'train');
  assert.is(all.length, 5);
  for (const image of ['10 tulip', '20 tulip', '30 rose', '40 rose']) assert.ok(all.includes(image), image);
  source.close();
});

test('the order is fixed and mixes the classes, so that any share has all of them', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 90 }, (_, i) => [`${'abc'[Math.floor(i / 30)]}/${i}.png`, plain(i)]),
  );
  const path = folderOf(files);
  const [one, two] = [await openSource(folder(path), wanted), await openSource(folder(path), wanted)];
  assert.equal([...one.train.labels], [...two.train.labels]);
  assert.equal(new Set(one.train.labels.slice(-18)).size, 3);
  assert.is((await contents(one, 'train')).length, 90);
});

test('a test folder has the classes of the train folder, or some of them', async () => {
  const path = folderOf({ 'train/a/1.png': plain(1), 'train/b/2.png': plain(2), 'test/b/3.png': plain(3) });
  const source = await openSource(folder(join(path, 'train'), join(path, 'test')), wanted);
  assert.equal(await contents(source, 'test'), ['3 b']);
  const other = folderOf({ 'c/1.png': plain(1) });
  await fails(folder(join(path, 'train'), other), /test folder .* has a class c that the train folder lacks/);
  await fails(folder(join(path, 'train'), folderOf({ 'a/x.txt': '' })), /test folder .* holds no images/);
});

test('one channel where the plan wants grey', async () => {
  const path = folderOf({ 'a/1.png': plain(255), 'b/2.png': plain(0) });
  const source = await openSource(folder(path), { ...wanted, image: { ...wanted.image, channels: 1 } });
  // 0.299 * 255
  assert.equal(await contents(source, 'train'), ['0 b', '76 a']);
});

test('folders that cannot be used', async () => {
  await fails(folder(join(root, 'nowhere')), /the folder .*nowhere cannot be read: there is no such folder/);
  await fails(folder(join(folderOf({ f: '' }), 'f')), /it is no folder/);
  await fails(folder(folderOf({ 'a.png': plain(1) })), /has no classes: it holds 1 images, but no folder/);
  await fails(folder(folderOf({ 'a/1.png': plain(1) })), /a single class, a/);
  await fails(
    folder(folderOf({ 'a/1.png': plain(1), 'b/x.txt': '' })),
    /the class b has no images: put image files \(PNG, JPEG/,
  );
  await fails(
    folder(folderOf({ 'a/1.png': plain(1), 'b/2.heic': '', 'b/3.ppm': '' })),
    /2\.heic \(and 1 more there\) is of a kind that is not read\. Save it as PNG/,
  );
});

test('damaged images are named with the cure: at once where the end is missing, else when they are read', async () => {
  const jpeg = readFileSync(new URL('../../../support/images/colour.jpg', import.meta.url));
  const a = { 'a/1.png': plain(1) };
  await fails(folder(folderOf({ ...a, 'b/cut.jpg': jpeg.subarray(0, 500) })), /cut\.jpg is truncated.*Replace it/);
  await fails(folder(folderOf({ ...a, 'b/cut.png': plain(2).subarray(0, 50) })), /cut\.png is truncated.*Replace it/);
  await fails(folder(folderOf({ ...a, 'b/none.png': '' })), /none\.png is empty/);
  await fails(
    folder(folderOf({ ...a, 'b/page.jpg': '<!DOCTYPE html>' })),
    /page\.jpg is a page of the web, not an image/,
  );
  const damaged = Buffer.from(plain(3));
  damaged[45]! ^= 255;
  await fails(folder(folderOf({ ...a, 'b/bad.png': damaged })), /bad\.png is damaged \(/);
});

test('the digest of an image follows its bytes and what they are brought to, not its name or folder', async () => {
  const [one, other] = [
    folderOf({ 'a/1.png': plain(1), 'b/2.png': plain(2) }),
    folderOf({ 'x/other.png': plain(2), 'y/4.png': plain(1), 'y/5.png': plain(3) }),
  ];
  const digests = async (path: string, fit = wanted): Promise<readonly string[]> => {
    const source = await openSource(folder(path), fit);
    return Array.from({ length: source.train.count }, (_, i) => {
      return Buffer.from(source.digest('train', i)).toString('hex');
    }).sort();
  };
  const [few, more] = [await digests(one), await digests(other)];
  assert.is(new Set(few).size, 2);
  assert.equal(
    few.filter((digest) => more.includes(digest)),
    few,
  );
  const larger = await digests(one, { ...wanted, image: { height: 8, width: 4, channels: 3 } });
  assert.is(larger.filter((digest) => few.includes(digest)).length, 0);
});

test('bytes behind the end of an image are no damage', async () => {
  const tail = Buffer.concat([plain(9), Buffer.alloc(500)]);
  const source = await openSource(folder(folderOf({ 'a/1.png': plain(1), 'b/2.png': tail })), wanted);
  assert.equal(await contents(source, 'train'), ['1 a', '9 b']);
});

test('a table: columns by name, files beside it, whole numbers in their order', async () => {
  const path = folderOf({
    'images/one, two.png': plain(1),
    '2.png': plain(2),
    '3.png': plain(3),
    'table.csv': '\ufeffid,file,what\r\n1,"images/one, two.png",10\r\n\r\n2,2.png,2\r\n3, 3.png ,10\r\n',
  });
  const source = await openSource(csv(join(path, 'table.csv')), wanted);
  assert.equal(source.classes, ['2', '10']);
  assert.equal(await contents(source, 'train'), ['1 10', '2 2', '3 10']);
});

test('tables that cannot be used', async () => {
  const table = (text: string): SourcePlan => csv(join(folderOf({ 't.csv': text, '1.png': plain(1) }), 't.csv'));
  await fails(csv(join(root, 'no.csv')), /the table .*no\.csv cannot be read: there is no such file/);
  await fails(table(''), /is empty: its first line must name its columns/);
  await fails(table('file,label\n1.png,a'), /has no column what: it has file, label\./);
  await fails(table('file,what\n'), /has no rows/);
  await fails(table('file,what\n1.png,a\n1.png'), /has 1 fields in line 3, but 2 columns/);
  await fails(table('file,what\n1.png,\n'), /has no label in line 2/);
  await fails(table('file,what\n,a\n'), /names no image in line 2/);
  await fails(table('file,what\n1.png,a\n1.png,a\n'), /a single label, a/);
  await fails(table('file,what\n1.png,"a\n1.png,b'), /the quote of line 2 is never closed/);
  await fails(table('file,what\n1.png,a\nno.png,b\n'), /no\.png is not there/);
});

test('rows of RFC 4180', () => {
  const fields = (text: string) => parseCsv(text).map(({ line, fields: row }) => [line, ...row]);
  assert.equal(fields('a,b\n"x\ny","say ""hi"""\nc,d'), [
    [1, 'a', 'b'],
    [2, 'x\ny', 'say "hi"'],
    [4, 'c', 'd'],
  ]);
  assert.equal(fields('a\rb\r\n\nc,'), [
    [1, 'a'],
    [2, 'b'],
    [4, 'c', ''],
  ]);
});

test.run();
