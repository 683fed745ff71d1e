// Fixes as text edits: what a removal takes with it, how a part moves, which cures go together in one pass.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic, FixEdit } from '../../src/parser/diagnostic.ts';
import { applyFixes, fixUntilStable } from '../../src/parser/fix.ts';
import { sourceOf } from '../../src/parser/source.ts';

const test = suite('fix');

const FILE = 'a.tlp';

const cure = (edits: readonly FixEdit[], safe = true): Diagnostic => ({
  code: 'TLP9999',
  name: 'test',
  severity: 'error',
  message: '',
  span: edits[0]!.span,
  fix: { title: '', edits, safe },
});
const spanOf = (text: string, part: string) => {
  const start = text.indexOf(part);
  assert.ok(start >= 0, part);
  return { file: FILE, start, end: start + part.length };
};
const apply = (text: string, ...diagnostics: readonly Diagnostic[]): string =>
  applyFixes(sourceOf(FILE, text), diagnostics, true).text;

const removals: readonly (readonly [text: string, part: string, after: string])[] = [
  ['a\nb\nc\n', 'b', 'a\nc\n'],
  ['  a\n  b\n  c\n', 'b', '  a\n  c\n'],
  ['a\r\nb\r\nc\r\n', 'b', 'a\r\nc\r\n'],
  ['a; b; c\n', 'b', 'a; c\n'],
  ['a; b\n', 'b', 'a\n'],
  ['a; b', 'a', 'b'],
  ['x { b }\n', 'b', 'x { }\n'],
  ['x { a; b }\n', 'b', 'x { a }\n'],
  ['f(a: 1, b: 2)\n', 'b: 2', 'f(a: 1)\n'],
  ['f(a: 1, b: 2)\n', 'a: 1', 'f(b: 2)\n'],
  ['a\n\nb {\n}\n\nc\n', 'b {\n}', 'a\n\nc\n'],
  ['b\n\nc\n', 'b', 'c\n'],
  ['a\nb // why\nc\n', 'b', 'a\n// why\nc\n'],
  ['a\nb', 'b', 'a\n'],
  ['a // why\n', '// why', 'a\n'],
];

for (const [text, part, after] of removals) {
  test(`without ${JSON.stringify(part)}: ${JSON.stringify(text)}`, () => {
    assert.is(apply(text, cure([{ kind: 'remove', span: spanOf(text, part) }])), after);
  });
}

test('a part moves with the comments above it', () => {
  const text = '// on top\nhead {\n  flatten\n}\n\nbackbone b {\n} // base\n\ndata {}\n';
  const edit: FixEdit = {
    kind: 'move',
    span: spanOf(text, 'head {\n  flatten\n}'),
    behind: spanOf(text, 'backbone b {\n}'),
  };
  assert.is(apply(text, cure([edit])), 'backbone b {\n} // base\n\n// on top\nhead {\n  flatten\n}\n\ndata {}\n');
  const flat = 'head { flatten }; backbone b {}\n';
  const move: FixEdit = {
    kind: 'move',
    span: spanOf(flat, 'head { flatten }'),
    behind: spanOf(flat, 'backbone b {}'),
  };
  assert.is(apply(flat, cure([move])), 'backbone b {}\n\nhead { flatten }\n');
});

test('a statement goes before another one, laid out as that one is', () => {
  const insert = (text: string): string =>
    apply(text, cure([{ kind: 'insert', span: spanOf(text, 'dense'), text: 'flatten' }]));
  assert.is(insert('head {\n  dense\n}\n'), 'head {\n  flatten\n  dense\n}\n');
  assert.is(insert('head { dense }\n'), 'head { flatten; dense }\n');
});

test('cures that touch are applied one pass after the other, unsafe ones only when asked, other files never', () => {
  const text = 'abc def';
  const upper = cure([{ kind: 'replace', span: spanOf(text, 'abc'), text: 'ABC' }]);
  const overlap = cure([{ kind: 'replace', span: spanOf(text, 'bc d'), text: '' }]);
  const last = cure([{ kind: 'replace', span: spanOf(text, 'def'), text: 'DEF' }], false);
  const elsewhere = cure([{ kind: 'replace', span: { file: 'b.tlp', start: 0, end: 7 }, text: '' }]);
  const source = sourceOf(FILE, text);
  assert.is(applyFixes(source, [upper, overlap, last, elsewhere], false).text, 'ABC def');
  assert.is(applyFixes(source, [upper, overlap, last, elsewhere], true).text, 'ABC DEF');
  assert.equal(applyFixes(source, [overlap, upper], false).applied, [upper]);
});

test('passes end: where two cures undo each other, and where a pass would break the syntax', () => {
  const flip = (text: string): readonly Diagnostic[] => [
    cure([{ kind: 'replace', span: { file: FILE, start: 0, end: 1 }, text: text === 'a' ? 'b' : 'a' }]),
  ];
  assert.match(fixUntilStable(sourceOf(FILE, 'a'), flip, true).text, /^[ab]$/);
  const breaking = (text: string): readonly Diagnostic[] =>
    text === 'a'
      ? [cure([{ kind: 'replace', span: { file: FILE, start: 0, end: 1 }, text: '(' }])]
      : [{ ...cure([{ kind: 'remove', span: { file: FILE, start: 0, end: 1 } }]), code: 'TLP1012' }];
  assert.equal(fixUntilStable(sourceOf(FILE, 'a'), breaking, true), { text: 'a', applied: [] });
});

test.run();
