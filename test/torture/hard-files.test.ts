// Hard files: each has its right answer, which `test/golden/torture/hard-files.txt` holds, and ends. That it ends within seconds is
// measured by `npm run torture -- mutants`.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { golden } from '../support/golden.ts';
import { type HardFile, hardFiles } from './hard-files.ts';

const test = suite('hard files');

/** Bytes of a file that need not be quick. */
const MEGABYTE = 1_000_000;

/** Each kind of finding with how often it is there, and the first error as a person reads it. */
const answer = ({ name, text, imports = new Map() }: HardFile): string => {
  const readImport = (path: string) => {
    const found = imports.get(path);
    return found === undefined ? { problem: `there is no file ${path}` } : sourceOf(path, found);
  };
  const { diagnostics, plan } = checkText(text, 'hard.tlp', { readImport });
  const counts = new Map<string, number>();
  for (const { code, name } of diagnostics) counts.set(`${code} ${name}`, (counts.get(`${code} ${name}`) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const last = diagnostics.findLast(({ severity }) => severity === 'error');
  const said = last === undefined ? `a plan of ${plan?.runs.length} runs` : last.message;
  return `${name}: ${kinds === '' ? 'nothing wrong' : kinds}\n  ${said}\n`;
};

test('each is under a megabyte, and has a name of its own', () => {
  assert.is(new Set(hardFiles.map(({ name }) => name)).size, hardFiles.length);
  for (const { name, text } of hardFiles) assert.ok(Buffer.byteLength(text) < MEGABYTE, name);
});

test('each has its right answer', () => {
  golden('torture/hard-files.txt', hardFiles.map(answer).join(''));
});

test.run();
