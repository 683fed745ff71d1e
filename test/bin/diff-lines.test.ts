// The difference of two texts is one that `patch` takes: GNU patch judges, where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffLines } from '../../bin/commands/diff-lines.ts';

const test = suite('diffLines');

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `${i}\n`).join('');
const cases: Readonly<Record<string, readonly [string, string]>> = {
  'a change in the last line': ['a\nb\n', 'a\nc\n'],
  'a line end is added': ['a\nb', 'a\nb\n'],
  'a line end goes': ['a\nb\n', 'a\nb'],
  'neither ends its line': ['a\nb', 'c\nb'],
  'from nothing': ['', 'a\n'],
  'to nothing': ['a\nb\n', ''],
  'far apart': [lines(40), lines(40).replace('3\n', 'x\n').replace('35\n', '')],
  'carriage returns stay': ['a\r\nb\r\n', 'a\r\nc\r\n'],
};

test('no line is made up after the last', () => {
  assert.is(diffLines('f', 'a\nb\n', 'a\nc\n'), '--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n');
  assert.is(diffLines('f', 'a', 'a\n'), '--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n');
  assert.is(diffLines('f', '', 'a\n'), '--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n');
  assert.is(diffLines('f', 'a\n', 'a\n'), '');
});

if (spawnSync('patch', ['--version']).status === 0) {
  for (const [name, [before, after]] of Object.entries(cases)) {
    test(`patch makes the second text of the first: ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'tlp-diff-'));
      try {
        const file = join(folder, 'f');
        writeFileSync(file, before);
        const { status, stdout } = spawnSync('patch', ['--binary', '-s', file], {
          input: diffLines('f', before, after),
          encoding: 'utf8',
        });
        assert.is(status, 0, stdout);
        assert.is(readFileSync(file, 'utf8'), after);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

test.run();
