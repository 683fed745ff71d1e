// Reading: positions, forms, recovery.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TlpParser } from '../../grammar/rules.ts';
import { decode } from '../../src/parser/decode.ts';
import { parse } from '../../src/parser/parse.ts';
import { lineText, positionOf, sourceOf } from '../../src/parser/source.ts';

const test = suite('parse');

const read = (text: string) => parse(sourceOf('a.tlp', text));
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, v) => (key === 'span' ? undefined : v)));
const found = (text: string) => read(text).diagnostics.map((d) => `${d.name}@${d.span.start}-${d.span.end}`);

test('the grammar is sound: no ambiguity but the one that is meant, no left recursion', () => {
  assert.not.throws(() => new TlpParser(true));
});

test('positions count lines of any ending and characters, not code units', () => {
  const source = sourceOf('a', 'ab\r\ncd\rx😀y\n');
  assert.equal(positionOf(source, 4), { line: 2, column: 1 });
  assert.equal(positionOf(source, 7), { line: 3, column: 1 });
  assert.equal(positionOf(source, 10), { line: 3, column: 3 });
  assert.is(lineText(source, 0), 'ab');
  assert.is(lineText(source, 2), 'x😀y');
  assert.is(sourceOf('a', '\ufeffab').text, 'ab');
});

test('statements: call, plain values, trailing parameters, block', () => {
  const [item] = read('dense(units: 3) 4 relu (name: "x") { {} }').file.items;
  assert.equal(bare(item), {
    kind: 'statement',
    word: { kind: 'name', text: 'dense' },
    broken: false,
    values: [
      { kind: 'number', value: 4, unit: '' },
      { kind: 'word', text: 'relu' },
    ],
    args: [
      { kind: 'arg', name: { kind: 'name', text: 'units' }, value: { kind: 'number', value: 3, unit: '' } },
      { kind: 'arg', name: { kind: 'name', text: 'name' }, value: { kind: 'text', text: 'x' } },
    ],
    block: {
      kind: 'block',
      items: [
        { kind: 'branch', word: { kind: 'name', text: '{' }, broken: false, block: { kind: 'block', items: [] } },
      ],
    },
  });
});

test('values: units, sizes, patterns, ranges, lists, arithmetic by precedence', () => {
  const value = (text: string): unknown => {
    const { file, diagnostics } = read(`let x = ${text}`);
    assert.equal(diagnostics, [], text);
    const [item] = file.items;
    return bare(item?.kind === 'let' ? item.value : null);
  };
  assert.equal(value('20deg'), { kind: 'number', value: 20, unit: 'deg' });
  assert.equal(value('-1.5e-3%'), { kind: 'number', value: -0.0015, unit: '%' });
  assert.equal(value('32x32x3'), { kind: 'dims', sizes: [32, 32, 3] });
  assert.equal(value('block5_*'), { kind: 'pattern', text: 'block5_*' });
  const n = (v: number) => ({ kind: 'number', value: v, unit: '' });
  assert.equal(value('1..3 step 2'), { kind: 'range', low: n(1), high: n(3), step: n(2) });
  assert.equal(value('[1, 2,\n 3]'), { kind: 'list', items: [n(1), n(2), n(3)] });
  assert.equal(value('1 + 2 * 3 - 4'), {
    kind: 'arithmetic',
    operator: '-',
    left: {
      kind: 'arithmetic',
      operator: '+',
      left: n(1),
      right: { kind: 'arithmetic', operator: '*', left: n(2), right: n(3) },
    },
    right: n(4),
  });
  assert.equal(value('(1 + 2) * 3'), {
    kind: 'arithmetic',
    operator: '*',
    left: { kind: 'arithmetic', operator: '+', left: n(1), right: n(2) },
    right: n(3),
  });
});

test('keywords are words where no keyword is meant', () => {
  assert.equal(found('schedule { learning_rate step(every_epochs: 3) }\nhead head { flatten }\nfreeze backbone'), []);
});

test('calls may go over lines, and `;` separates like a line end', () => {
  const { file, diagnostics } = read('early_stopping(\n  monitor: loss,\n  patience: 3,\n)\nflatten; dense 3');
  assert.equal(diagnostics, []);
  assert.equal(
    file.items.map((item) => item.word.text),
    ['early_stopping', 'flatten', 'dense'],
  );
});

test('a broken line is one finding, and the others are read', () => {
  assert.equal(found('data {\n  a = 3 4 5\n  b 2\n}'), ['unexpected-token@11-12']);
  assert.equal(found('let = 3'), ['unexpected-token@4-5']);
  assert.equal(found('let x 3\nlet y = 3'), ['unexpected-token@6-7']);
  assert.equal(found('import common'), ['unexpected-token@7-13']);
  assert.equal(found('a(b: )\nc 3'), ['unexpected-token@5-6']);
  assert.equal(found('§ a\nb'), ['unexpected-character@0-1']);
});

test('missing brackets end where a person would end them', () => {
  const { file, diagnostics } = read('data {\n  source digits\n\nbackbone cnn {\n  conv 3 3x3\n}\n');
  assert.equal(
    diagnostics.map((d) => [d.name, d.span.start]),
    [['unclosed-bracket', 5]],
  );
  assert.equal(
    file.items.map((item) => item.kind),
    ['data', 'backbone'],
  );
  assert.equal(found('a { b }\n}\nc'), ['unmatched-bracket@8-9']);
  assert.equal(found('x [1, 2)'), ['unmatched-bracket@7-8']);
});

test('spans cover exactly their text', () => {
  const text = 'head mlp { dense 2 * n relu }\nrun "a" continues "b" { epochs 3 }';
  const { file } = read(text);
  const cut = (span: { readonly start: number; readonly end: number }) => text.slice(span.start, span.end);
  const [head, run] = file.items;
  assert.is(cut(head!.span), 'head mlp { dense 2 * n relu }');
  assert.is(run?.kind === 'run' && run.continues !== null && cut(run.continues.span), '"b"');
  const dense = head?.kind === 'head' ? head.block!.items[0] : undefined;
  assert.is(dense?.kind === 'statement' && cut(dense.values[0]!.span), '2 * n');
});

test('bytes that are no text', () => {
  const name = (bytes: Uint8Array): string => {
    const result = decode('x', bytes);
    return 'diagnostic' in result ? `${result.diagnostic.name}: ${result.diagnostic.message}` : result.source.text;
  };
  assert.is(name(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), 'a');
  assert.match(name(Uint8Array.of(0x61, 10, 10, 0xc3)), /^not-utf8: .*line 3/);
  assert.match(name(new Uint8Array(10 * 1024 * 1024)), /^file-too-large: This file is longer than 4 MB/);
});

test.run();
