// The canonical style: same tree, same comments in the same order, idempotent, both line ends.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { templates } from '../../bin/commands/templates.ts';
import * as t from '../../grammar/tokens.ts';
import { rules } from '../../src/compiler/findings/index.ts';
import { format } from '../../src/parser/format.ts';
import { lex } from '../../src/parser/lex.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { formatKeeps } from '../support/same-tree.ts';

const test = suite('format');

const folder = new URL('../../pipelines/', import.meta.url);
const texts = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.tlp'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
  ...Object.values(templates).map((template) => template.text),
  ...rules
    .flatMap((rule) => [rule.bad, rule.good])
    .filter((text) => parse(sourceOf('a', text)).diagnostics.length === 0),
];

test('pipelines, templates and examples keep their tree and comments', () => {
  for (const text of texts) formatKeeps(text);
});

test('templates are in the canonical style', () => {
  for (const { text } of Object.values(templates)) assert.is(format(text), text);
});

test('one style', () => {
  const messy =
    '\n\n//a\ndata   {source   digits //x\n size 8x8;channels   1\n\n\n}\nhead mlp{flatten;dense 2*n relu}//t\nlet n=3\n' +
    'backbone c {add{{}{conv 3 3x3(stride:2)}}\nconv(filters: 32, // first\n kernel: 3x3)\n}\nrun "a" {\n}\n';
  const clean = `//a
data {
  source digits //x
  size 8x8
  channels 1
}

head mlp { flatten; dense 2 * n relu } //t
let n = 3

backbone c {
  add { {} { conv 3 3x3 (stride: 2) } }
  conv(
    filters: 32, // first
    kernel: 3x3
  )
}

run "a" {}
`;
  assert.is(format(messy), clean);
});

test('a long call is broken at its commas, a short one is joined', () => {
  const args = 'filters: 32, kernel: 3x3, stride: 2x2, padding: same, activation: relu, kernel_initializer: he_normal';
  const long = format(`head { conv(${args}, use_bias: false) }`);
  assert.ok(long.includes('\n  conv(\n    filters: 32,\n') && long.includes('\n    use_bias: false\n  )\n'), long);
  assert.is(
    format('head {\n  conv(filters: 32,\n    kernel: 3x3)\n}\n'),
    'head {\n  conv(filters: 32, kernel: 3x3)\n}\n',
  );
});

test('line ends stay what they mostly are; a byte order mark goes', () => {
  assert.is(format('data {\r\nsource digits\r\n}\r\n'), 'data {\r\n  source digits\r\n}\r\n');
  assert.is(format('\ufeffdata {\nsource digits\n}'), 'data {\n  source digits\n}\n');
});

test('any layout of the same tokens becomes the same tree', () => {
  const gap = fc.constantFrom('', '', '', '', '\n', '\n\n\n', '  ', '\t', ' // note\n', '\n// own\n', '\n\n// far\n\n');
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.infiniteStream(gap), (text, gaps) => {
      const { tokens } = lex(sourceOf('a', text));
      let laid = '';
      let depth = 0;
      for (const [i, token] of tokens.entries()) {
        const next = tokens[i + 1]?.tokenType;
        laid += token.image + (next === t.CallOpen ? '' : ' ');
        if (token.tokenType === t.CallOpen || token.tokenType === t.ParenOpen || token.tokenType === t.ListOpen)
          depth++;
        if (token.tokenType === t.ParenClose || token.tokenType === t.ListClose) depth--;
        const free = token.tokenType === t.Newline || token.tokenType === t.BlockOpen;
        if (free || (depth > 0 && next !== t.CallOpen)) laid += gaps.next().value;
      }
      formatKeeps(laid);
    }),
    { numRuns: 150, seed: 7 },
  );
});

test.run();
