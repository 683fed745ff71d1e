// What a check finds on the disk: files and folders that a run will read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFile } from '../../src/session/check-file.ts';

const test = suite<{ folder: string }>('check a file');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const text = `
data { source folder("images", test: "others") }
backbone mobilenetv2 { weights file("trunk.h5") }
head { global_average_pooling }
freeze backbone
run "a" { }
run "b" { seed 2 }
`;

test('what is missing is named once, at its place; paths begin at the file', async ({ folder }) => {
  const path = join(folder, 'p.tlp');
  writeFileSync(path, text);
  const said = async (): Promise<readonly string[]> =>
    (await checkFile(path)).diagnostics.map(({ code, message }) => `${code} ${message}`);
  assert.equal(await said(), [
    'TLP2118 The folder of images "images" is not there.',
    'TLP2118 The folder of test images "others" is not there.',
    'TLP2118 The file of weights "trunk.h5" is not there.',
  ]);
  mkdirSync(join(folder, 'images'));
  mkdirSync(join(folder, 'others'));
  assert.equal(await said(), ['TLP2118 The file of weights "trunk.h5" is not there.']);
  writeFileSync(join(folder, 'trunk.h5'), '');
  assert.equal(await said(), []);
});

test('a warning: the plan stands', async ({ folder }) => {
  const path = join(folder, 'p.tlp');
  writeFileSync(path, text);
  assert.ok((await checkFile(path)).plan !== null);
});

test.run();
