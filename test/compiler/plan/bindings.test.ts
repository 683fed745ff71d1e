// Names with their places: each definition and each use reads as the name, in the file and in what it imports.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { sourceOf } from '../../../src/parser/source.ts';

const test = suite('bindings');

const common = 'let width = 16\nhead small { flatten; dense width relu }\n';
const text = `import "common.tlp"
param lr = 1e-3
data { source digits }
backbone cnn { conv 8 3x3 same relu }
head wide { flatten; dense width * 2 relu }
run "a" { head small; optimizer adam(lr: lr) }
run "b" continues "a" { head wide; backbone cnn }
run "c" { head wide; backbone again { weights run("a"); conv 8 3x3 same relu } }
sweep { lr in [1e-3, 1e-4] }
`;

const readImport = (name: string) => sourceOf(name, common);

test('name, definition and uses', () => {
  const { bindings, sources, diagnostics } = checkText(text, 'main.tlp', { readImport });
  assert.equal(diagnostics, []);
  const read = ({ file, start, end }: { file: string; start: number; end: number }): string =>
    sources.get(file)!.text.slice(start, end).replaceAll('"', '');
  const found = bindings.map(({ kind, name, uses }) => `${kind} ${name}: ${uses.length}`);
  assert.equal(found, [
    'let width: 2',
    'param lr: 2',
    'backbone cnn: 1',
    'head small: 1',
    'head wide: 2',
    'run a: 2',
    'run b: 0',
    'run c: 0',
  ]);
  for (const { name, definition, uses } of bindings) {
    for (const span of [definition, ...uses]) assert.is(read(span), name);
  }
  const width = bindings.find(({ name }) => name === 'width')!;
  assert.is(width.definition.file, 'common.tlp');
  assert.equal(
    width.uses.map(({ file }) => file),
    ['main.tlp', 'common.tlp'],
  );
});

test('a broken file has names, too; words of the language are none', () => {
  const { bindings, file, program } = checkText('let n = 3\nhead { dense n relu\nfreeze backbone\n', 'a.tlp');
  assert.equal(
    bindings.map(({ name, uses }) => [name, uses.length]),
    [['n', 1]],
  );
  assert.is(file.items[0]?.kind, 'let');
  assert.is(program?.head.size, 1);
});

test.run();
