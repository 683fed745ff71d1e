// The written grammar is the grammar: what tlp accepts the EBNF makes, what is no text of the language it does not make.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BlockClose, BlockOpen, Separator, tokens, Word } from '../../grammar/tokens.ts';
import { rules } from '../../src/compiler/findings/index.ts';
import { lex } from '../../src/parser/lex.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { accepts, type Lexeme, readEbnf, toRegExp } from '../support/ebnf.ts';

const test = suite('ebnf');

const ebnf = readEbnf(readFileSync(new URL('../../grammar/tlp.ebnf', import.meta.url), 'utf8'));
const svg = readFileSync(new URL('../../grammar/diagram.svg', import.meta.url), 'utf8');

/** A keyword that begins a statement is no ordinary word, as the head comment of the grammar says. */
const lexemes = (text: string): readonly Lexeme[] =>
  lex(sourceOf('corpus.tlp', text)).tokens.map(({ image, tokenType }, i, all) => {
    const before = all[i - 1]?.tokenType;
    const begins = before === undefined || before === BlockOpen || before === BlockClose || isSeparator(before);
    const names = [tokenType, ...(tokenType.CATEGORIES ?? [])].map(({ name }) => name);
    return {
      image,
      names: names.filter((name) => name !== 'Word' || tokenType === Word || !begins || JOINTS.has(image)),
    };
  });

const isSeparator = (type: (typeof tokens)[number]): boolean => type.CATEGORIES?.includes(Separator) ?? false;
/** Keywords with no production of their own to begin. */
const JOINTS: ReadonlySet<string> = new Set(['continues', 'in', 'step']);

const folder = new URL('../../pipelines/', import.meta.url);
const corpus: readonly string[] = [
  ...rules.map((rule) => rule.good),
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.tlp'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8')),
];

test('every name in a production has a production', () => {
  const written = readFileSync(new URL('../../grammar/tlp.ebnf', import.meta.url), 'utf8').replace(
    /\/\*[\s\S]*?\*\//g,
    '',
  );
  const used = written.replace(/'[^']*'|"[^"]*"|\[[^\]]*\]|#x[0-9A-F]+/g, ' ').match(/[A-Za-z]\w*/g) ?? [];
  assert.equal(
    [...new Set(used)].filter((name) => !ebnf.has(name)),
    [],
  );
});

test('makes every right pipeline', () => {
  for (const text of corpus) assert.ok(accepts(ebnf, 'file', lexemes(text)), text);
});

test('does not make what tlp refuses', () => {
  const wrong = [
    'data {',
    'data = { }',
    'import nowhere',
    'let lr 3',
    'param = 3',
    'sweep 3',
    'x(a: )',
    'x(a b)',
    'x 1 ..',
    'x 2 *',
    '3 x',
    'x [1, 2',
    'x { y',
  ];
  for (const text of wrong) {
    const raw = text.replace('data }', 'data { } = }');
    assert.not(
      accepts(
        ebnf,
        'file',
        lexemes(raw).filter(({ image }) => image !== ''),
      ),
      text,
    );
  }
});

test('makes whatever the parser takes: every pipeline with one token left out', () => {
  let taken = 0;
  for (const text of corpus.slice(0, 20)) {
    for (const { startOffset, image } of lex(sourceOf('corpus.tlp', text)).tokens) {
      const cut = text.slice(0, startOffset) + text.slice(startOffset + image.length);
      if (parse(sourceOf('corpus.tlp', cut)).diagnostics.length > 0) continue;
      taken++;
      assert.ok(accepts(ebnf, 'file', lexemes(cut)), cut);
    }
  }
  assert.ok(taken > 100, `${taken} of them were taken`);
});

test('productions of tokens take what the lexer takes', () => {
  const seen = new Set<string>();
  for (const text of corpus) {
    for (const { image, names } of lexemes(text)) {
      for (const name of names.filter((n) => ebnf.has(n))) {
        seen.add(name);
        assert.match(image, toRegExp(ebnf, name), name);
      }
    }
  }
  for (const name of ['Text', 'Dims', 'Quantity', 'Word', 'Newline', 'Separator', 'CallOpen'])
    assert.ok(seen.has(name), name);
  assert.not.match('1e', toRegExp(ebnf, 'Dims'));
  assert.not.match('9lives', toRegExp(ebnf, 'Word'));
  assert.not.match('"a"b"', toRegExp(ebnf, 'Text'));
});

test('every token of the lexer is written, as a production or as its text', () => {
  const literals = new Set(
    [...readFileSync(new URL('../../grammar/tlp.ebnf', import.meta.url), 'utf8').matchAll(/'([^']+)'/g)].map(
      (m) => m[1]!,
    ),
  );
  const missing = tokens.filter(({ name, PATTERN }) => {
    const text = PATTERN instanceof RegExp ? PATTERN.source.replaceAll('\\', '') : '';
    return name !== 'NotWord' && !ebnf.has(name) && !literals.has(text);
  });
  assert.equal(
    missing.map(({ name }) => name),
    [],
  );
});

test('the diagram draws every production, and its links lead somewhere', () => {
  const drawn = [...svg.matchAll(/<g id="(\w+)"/g)].map((m) => m[1]!);
  assert.equal([...drawn].sort(), [...ebnf.keys()].sort());
  const links = [...svg.matchAll(/href="#(\w+)"/g)].map((m) => m[1]!);
  assert.ok(links.length > 30);
  assert.equal(
    links.filter((to) => !drawn.includes(to)),
    [],
  );
  assert.not.match(svg, /<script|(?:src|href)="https?:/, 'needs nothing from outside');
});

test.run();
