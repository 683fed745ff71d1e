// What is said of image files before the first step: all that are bad, at most twenty by name; what is no file; names that are no UTF-8.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkImages } from '../../../../src/runtime/data/files/check-images.ts';
import { listFolder, listTestFolder } from '../../../../src/runtime/data/files/list-folder.ts';
import { listImages } from '../../../../src/runtime/data/files/list-images.ts';
import { imageReader } from '../../../../src/runtime/data/files/read-image.ts';
import { DataError } from '../../../../src/runtime/data/source.ts';

const test = suite('data: image files before the first step');
const images = fileURLToPath(new URL('../../../fixtures/images/', import.meta.url));

let root = '';
test.before(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-check-'));
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const refused = async (work: () => unknown): Promise<DataError> => {
  try {
    await work();
  } catch (error) {
    assert.instance(error, DataError, String(error));
    return error as DataError;
  }
  throw new Error('it was not refused');
};

/** What the headers and ends of these files do not show. */
const DEEPER = /^bad-(idat|no-idat|filter|no-palette|unknown|length|bomb|no-tables|codes|no-image|runs)/;

test('of all bad files of the corpus, those that the ends of a file show', async () => {
  const names = readdirSync(images).filter((name) => name.startsWith('bad-') && !DEEPER.test(name));
  assert.ok(names.length > 30);
  for (const name of names) assert.match((await refused(() => checkImages([join(images, name)]))).message, name);
});

test('all whole files of the corpus pass', async () => {
  await checkImages(
    readdirSync(images)
      .filter((name) => !name.startsWith('bad-'))
      .map((name) => join(images, name)),
  );
});

test('all bad files are named at once, at most twenty and how many there are', async () => {
  const paths = Array.from({ length: 30 }, (_, i) => join(root, `bad-${i}.png`));
  for (const path of paths) writeFileSync(path, 'nothing');
  const whole = join(images, 'png-1x1.png');
  const { message, details } = await refused(() =>
    checkImages([whole, ...paths.slice(0, 3), whole, join(root, 'gone.png')]),
  );
  assert.is(message, '4 images cannot be used:');
  assert.is(details.length, 4);
  assert.match(
    details[0]!,
    /bad-0\.png is no image of a kind that is read\. Replace it by a whole PNG, JPEG, .* or take it out/,
  );
  assert.match(details[3]!, /gone\.png is not there\. Put it there, or take it out of the data\.$/);
  const many = await refused(() => checkImages(paths));
  assert.is(many.message, '30 images cannot be used:');
  assert.is(many.details.length, 21);
  assert.is(many.details[20], 'and 10 more');
  const one = await refused(() => checkImages([paths[7]!, whole, paths[7]!]));
  assert.match(one.message, /bad-7\.png is no image/);
  assert.equal(one.details, []);
});

test('a pipe, a device, a folder, a link into nothing or a file without end are refused, and nothing waits for them', async () => {
  execFileSync('mkfifo', [join(root, 'pipe.png')]);
  symlinkSync('/dev/zero', join(root, 'zero.png'));
  symlinkSync(join(root, 'nowhere'), join(root, 'link.png'));
  mkdirSync(join(root, 'folder.png'));
  writeFileSync(join(root, 'huge.png'), '');
  truncateSync(join(root, 'huge.png'), 2 ** 40);
  const read = imageReader({
    image: { height: 1, width: 1, channels: 3 },
    interpolation: 'bilinear',
    antialias: false,
  });
  for (const [name, says] of [
    ['pipe.png', /is a named pipe, not a file/],
    ['zero.png', /is a device, not a file/],
    ['link.png', /is not there/],
    ['folder.png', /is a folder, not an image/],
    ['huge.png', /is too large: it has more than 512 MB/],
  ] as const) {
    assert.match((await refused(() => checkImages([join(root, name)]))).message, says);
    assert.match((await refused(() => read(join(root, name)))).message, says);
  }
});

/** Folders of classes, each with so many copies of an image. */
const classesOf = (name: string, classes: readonly (string | Buffer)[]): string => {
  const folder = join(root, name);
  for (const [i, own] of classes.entries()) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(own)]);
    mkdirSync(path, { recursive: true });
    copyFileSync(join(images, 'png-1x1.png'), Buffer.concat([path, Buffer.from(`/${i}.png`)]));
  }
  return folder;
};

test('a class whose name is written in two forms of Unicode is one', () => {
  const [composed, split] = ['caf\u00e9', 'cafe\u0301'];
  const folder = classesOf('forms', ['tea', composed, split]);
  const { classes, files } = listFolder(folder);
  assert.equal(classes, [composed, 'tea']);
  assert.equal(files.map(({ label }) => label).sort(), [0, 0, 1]);
  assert.is(listTestFolder(classesOf('forms-test', [split]), classes).length, 1);
});

test('names that are no UTF-8 are named, wherever they stand', async () => {
  const latin = Buffer.from('caf\xe9', 'latin1');
  const says = /has a name that is no UTF-8 \(as Latin-1: "caf\u00e9(\.png)?"\): rename it, as convmv/;
  assert.match((await refused(() => listFolder(classesOf('latin', ['tea', latin])))).message, says);
  const folder = classesOf('latin-file', ['tea', 'coffee']);
  const path = Buffer.concat([Buffer.from(`${folder}/tea/`), latin, Buffer.from('.png')]);
  copyFileSync(join(images, 'png-1x1.png'), path);
  assert.match((await refused(() => listFolder(folder))).message, says);
  assert.match((await refused(() => listImages([folder]))).message, says);
});

test('a name with the sign that stands for lost characters is a name as any other', () => {
  assert.equal(listFolder(classesOf('sign', ['a\ufffd', 'b'])).classes, ['a\ufffd', 'b']);
});

test.run();
