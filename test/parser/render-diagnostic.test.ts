// Findings as text: frames, tabs, wide characters, long lines, limits, colours.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Diagnostic, finding, sortDiagnostics } from '../../src/parser/diagnostic.ts';
import { renderDiagnostics, summary } from '../../src/parser/render-diagnostic.ts';
import { unexpectedToken } from '../../src/parser/rules/rules.ts';
import { sourceOf } from '../../src/parser/source.ts';

const test = suite('render diagnostic');

const render = (text: string, start: number, end: number, more: Partial<Diagnostic> = {}, color = false): string => {
  const source = sourceOf('a.tlp', text);
  const diagnostic = {
    ...finding(unexpectedToken, { file: 'a.tlp', start, end }, 'Cause.', { help: 'Cure.' }),
    ...more,
  };
  return renderDiagnostics([diagnostic], new Map([['a.tlp', source]]), { color });
};

test('a frame with carets under the place', () => {
  assert.is(
    render('one\ntwo three\n', 8, 13),
    [
      'error[TLP1014 unexpected-token]: Cause.',
      '  ┌─ a.tlp:2:5',
      '  │',
      '2 │ two three',
      '  │     ^^^^^',
      '  = help: Cure.',
      '',
    ].join('\n'),
  );
});

test('tabs, wide characters and control characters do not shift the carets', () => {
  const lines = render('\ta漢字 b\u0007c', 7, 8).split('\n');
  assert.is(lines[3], '1 │   a漢字 b·c');
  assert.is(lines[4]!.indexOf('^'), 4 + 10, 'after the bar: two for the tab, a, two wide ones, a space, b and a dot');
});

test('a long line is cut around the place', () => {
  const lines = render(`${'x'.repeat(500_000)} here ${'y'.repeat(500_000)}`, 500_001, 500_005).split('\n');
  assert.ok(lines[3]!.length < 120 && lines[3]!.includes(' here '));
  assert.is(lines[4]!.indexOf('^'), lines[3]!.indexOf('here'));
  assert.is(lines[4]!.trimEnd().length - lines[4]!.indexOf('^'), 4);
});

test('an empty place and a place of several lines', () => {
  assert.match(render('ab', 2, 2), /\n {2}│ {3}\^\n/);
  assert.match(render('abc\ndef\n', 1, 6), /\n {2}│ {2}\^\^\n/);
});

test('colours only when asked for', () => {
  assert.not.ok(render('ab', 0, 1).includes('\u001b'));
  assert.ok(render('ab', 0, 1, {}, true).includes('\u001b[31;1m'));
});

test('at most a hundred, then a count', () => {
  const source = sourceOf('a.tlp', 'x\n'.repeat(200));
  const many = Array.from({ length: 150 }, (_, i) =>
    finding(unexpectedToken, { file: 'a.tlp', start: 2 * i, end: 2 * i + 1 }, 'x'),
  );
  const text = renderDiagnostics(many, new Map([['a.tlp', source]]), { color: false });
  assert.is(text.split('error[').length - 1, 100);
  assert.ok(text.endsWith('and 50 more\n'));
});

test('in the order of the text, each once', () => {
  const at = (start: number) => finding(unexpectedToken, { file: 'a', start, end: start }, 'x');
  assert.equal(
    sortDiagnostics([at(5), at(2), at(5)]).map((d) => d.span.start),
    [2, 5],
  );
});

test('summary', () => {
  const error = finding(unexpectedToken, { file: 'a', start: 0, end: 0 }, 'x');
  assert.is(summary([], 2), '2 files checked, nothing wrong');
  assert.is(summary([error, error, { ...error, severity: 'warning' }], 1), '2 errors and 1 warning in 1 file');
});

test.run();
