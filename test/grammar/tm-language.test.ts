// Highlighting: the committed grammar is fresh, and knows exactly the words that the language knows.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keywords } from '../../grammar/tokens.ts';
import { tmLanguage, tmLanguageText, wordSorts } from '../../scripts/tm-language.ts';

const test = suite('tm language');

test('grammar/tlp.tmLanguage.json is fresh', () => {
  const committed = readFileSync(new URL('../../grammar/tlp.tmLanguage.json', import.meta.url), 'utf8');
  assert.is(committed, tmLanguageText(), 'run: node --import tsx scripts/tm-language.ts');
});

const { patterns } = tmLanguage();

/** Scopes of the pieces of a line, as an editor finds them: at each place the first pattern that matches there. */
const scopes = (line: string): readonly (readonly [string, string])[] => {
  const out: [string, string][] = [];
  for (let at = 0; at < line.length; ) {
    let best: { readonly index: number; readonly text: string; readonly name: string } | null = null;
    for (const pattern of patterns) {
      const regex = new RegExp(pattern.match, 'g');
      regex.lastIndex = at;
      const match = regex.exec(line);
      if (match === null || match[0] === '' || (best !== null && match.index >= best.index)) continue;
      best = { index: match.index, text: match[0], name: pattern.name ?? pattern.captures[1].name };
    }
    if (best === null) break;
    out.push([best.text.trim(), best.name]);
    at = best.index + best.text.length;
  }
  return out;
};

test('every word of the language is highlighted where it stands, and no other word is', () => {
  const { statements, values, parameters } = wordSorts();
  for (const word of statements) assert.equal(scopes(`  ${word} `), [[word, 'support.function.tlp']]);
  for (const { name } of keywords) {
    assert.equal(scopes(name.toLowerCase()), [[name.toLowerCase(), 'keyword.control.tlp']]);
  }
  for (const word of values) assert.equal(scopes(`x ${word}`), [[word, 'support.constant.tlp']], word);
  for (const word of parameters) assert.equal(scopes(`x(${word}: y`)[1], [word, 'variable.parameter.tlp']);
  for (const word of ['banana', 'densely', 'xdense', 'conv2d', 'backbones']) assert.equal(scopes(word), []);
});

test('values', () => {
  assert.equal(scopes('x 20deg 224x224 "a" block5_* 1..2 // note'), [
    ['20deg', 'constant.numeric.tlp'],
    ['224x224', 'constant.numeric.dimensions.tlp'],
    ['"a"', 'string.quoted.double.tlp'],
    ['block5_*', 'string.regexp.pattern.tlp'],
    ['1', 'constant.numeric.tlp'],
    ['..', 'keyword.operator.tlp'],
    ['2', 'constant.numeric.tlp'],
    ['// note', 'comment.line.double-slash.tlp'],
  ]);
});

test.run();
