// Highlighting: every word that the language knows is highlighted where it stands, nothing else is; by the engine of VS Code.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { templates } from '../../bin/commands/templates.ts';
import { keywords } from '../../grammar/tokens.ts';
import { rules } from '../../src/compiler/findings/index.ts';
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { blocks } from '../../src/compiler/vocabulary/blocks.ts';
import { lex } from '../../src/parser/lex.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { type Highlighted, highlighter } from '../support/highlight.ts';

const test = suite('tm language');

let highlight: (text: string) => readonly Highlighted[] = () => [];
test.before(async () => {
  highlight = await highlighter();
});

const scopes = (text: string): readonly (readonly [string, string])[] =>
  highlight(text).flatMap(({ text: piece, scope }) => (scope === null ? [] : [[piece, scope] as const]));

/** Scope of the piece that begins at an offset; undefined: no piece begins there. */
const scopeAt = (pieces: readonly Highlighted[], start: number, end: number): string | null | undefined =>
  pieces.find((piece) => piece.start === start && piece.end === end)?.scope;

/** Keys of the tables, whatever their depth: parameters, and words that are values. */
const wordsIn = (value: unknown): { readonly parameters: Set<string>; readonly values: Set<string> } => {
  const found = { parameters: new Set<string>(), values: new Set<string>() };
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      const into = key === 'params' ? found.parameters : key === 'words' ? found.values : null;
      if (into !== null && typeof inner === 'object') for (const word of Object.keys(inner ?? {})) into.add(word);
      visit(inner);
    }
  };
  visit(value);
  return found;
};
const { parameters, values } = wordsIn(blocks);
const statements = new Set(Object.values(blocks).flatMap((words) => Object.keys(words)));
const isKeyword = (word: string): boolean => keywords.some((keyword) => keyword.name.toLowerCase() === word);

test('every keyword', () => {
  for (const { name } of keywords) {
    const word = name.toLowerCase();
    const inLine = ['continues', 'in', 'step'].includes(word);
    const expected = inLine ? 'keyword.other' : 'keyword.control';
    assert.equal(scopes(inLine ? `x ${word} y` : word)[0], [word, expected]);
  }
});

test('every word that begins a statement, every value, every parameter, every backbone', () => {
  for (const word of statements) {
    if (!isKeyword(word)) assert.equal(scopes(`  ${word} `), [[word, 'support.function']]);
  }
  for (const word of values)
    assert.match(scopes(`x ${word}`)[0]?.[1] ?? '', /^(support\.|constant\.|keyword\.other)/, word);
  for (const word of parameters) assert.equal(scopes(`x(${word}: y)`)[1], [word, 'variable.parameter']);
  for (const word of Object.keys(backbones)) assert.equal(scopes(`backbone ${word}`)[1], [word, 'support.class']);
});

test('no other word, wherever it stands', () => {
  const known = [...keywords.map((k) => k.name.toLowerCase()), ...statements, ...values, ...parameters];
  for (const word of new Set(known)) {
    for (const other of [`${word}q`, `q${word}`, `${word}_q`, `${word}9q`, word.toUpperCase()]) {
      for (const text of [other, `  ${other} `, `x ${other}`, `x { ${other} }`]) {
        const pieces = scopes(text).filter(([piece]) => piece.includes(other));
        assert.equal(pieces, [], text);
      }
      const named = highlight(`x(${other}: 1)`).filter(({ text, scope }) => text.includes(other) && scope !== null);
      assert.equal(named, [], `${other} as a parameter`);
    }
  }
});

test('values, comments, sizes, units, patterns, ranges', () => {
  assert.equal(scopes('x 20deg 224x224 "a // b" block5_* 1..2 50% 2px -1e-3 // note "no text"'), [
    ['20', 'constant.numeric'],
    ['deg', 'keyword.other.unit'],
    ['224x224', 'constant.numeric.size'],
    ['"a // b"', 'string.quoted.double'],
    ['block5_*', 'string.regexp.pattern'],
    ['1', 'constant.numeric'],
    ['..', 'keyword.operator'],
    ['2', 'constant.numeric'],
    ['50', 'constant.numeric'],
    ['%', 'keyword.other.unit'],
    ['2', 'constant.numeric'],
    ['px', 'keyword.other.unit'],
    ['-1e-3', 'constant.numeric'],
    ['// note "no text"', 'comment.line.double-slash'],
  ]);
  assert.equal(scopes('x 20degrees 3x3x3x3 7lightyears'), [], 'what is no value of the language');
  assert.equal(scopes('x "never closed').at(-1), ['"never closed', 'string.quoted.double']);
  assert.equal(scopes('optimizer adam(lr: 1e-3)'), [
    ['optimizer', 'support.function'],
    ['adam', 'support.function.call'],
    ['(', 'punctuation.section.brackets'],
    ['lr', 'variable.parameter'],
    [':', 'punctuation.separator'],
    ['1e-3', 'constant.numeric'],
    [')', 'punctuation.section.brackets'],
  ]);
  assert.equal(scopes('// tlp-ignore unused-part: kept for later').slice(1, 4), [
    ['tlp-ignore', 'keyword.other.ignore'],
    [' ', 'comment.line.double-slash'],
    ['unused-part', 'entity.name.tag'],
  ]);
});

/** All texts without findings that the project has. */
const corpus: readonly string[] = [
  ...rules.map((rule) => rule.good),
  ...Object.values(templates).map(({ text }) => text),
  ...readdirSync(new URL('../../pipelines/', import.meta.url))
    .filter((file) => file.endsWith('.tlp'))
    .map((file) => readFileSync(new URL(`../../pipelines/${file}`, import.meta.url), 'utf8')),
];

/** Names that a text gives to its own things, and names of layers in a freeze policy. */
const ownNames = (text: string): ReadonlySet<string> => {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { kind, name, alias, continues, sentence } = node as Record<string, unknown>;
    // An argument has a name too, and no kind.
    for (const named of typeof kind === 'string' ? [name, alias, continues] : []) {
      if (typeof named === 'object' && named !== null && 'text' in named) names.add(String(named.text));
    }
    if (kind === 'freeze' && Array.isArray(sentence)) {
      const last: unknown = sentence.at(-1);
      if (sentence.length > 2 && typeof last === 'object' && last !== null && 'text' in last)
        names.add(String(last.text));
    }
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(parse(sourceOf('corpus.tlp', text)).file);
  return names;
};

test('every token of every right pipeline has the scope of its kind', () => {
  const kinds: Readonly<Record<string, RegExp>> = {
    Quantity: /^constant\.numeric$/,
    Dims: /^constant\.numeric\.size$/,
    Text: /^string\./,
    Pattern: /^string\.regexp/,
    Comment: /^comment\./,
    BlockOpen: /^punctuation\./,
    BlockClose: /^punctuation\./,
    AddSign: /^keyword\.operator$/,
    TimesSign: /^keyword\.operator$/,
  };
  let words = 0;
  for (const text of corpus) {
    const pieces = highlight(text);
    const own = ownNames(text);
    for (const token of lex(sourceOf('corpus.tlp', text)).tokens) {
      const { image, startOffset, tokenType } = token;
      if (/^\s*$/.test(image)) continue;
      const where = `${image} in\n${text}`;
      const kind = kinds[tokenType.name];
      if (kind !== undefined) {
        const piece = pieces.find((p) => p.start === startOffset);
        assert.match(piece?.scope ?? '', kind, where);
      } else if (/^\w/.test(image) && !own.has(image)) {
        words++;
        assert.ok(scopeAt(pieces, startOffset, startOffset + image.length), where);
      }
    }
  }
  assert.ok(words > 500, `${words} words were looked at`);
});

test.run();
