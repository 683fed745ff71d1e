// Verb: tokens and vocabulary to the TextMate grammar. `node --import tsx scripts/tm-language.ts` writes grammar/tlp.tmLanguage.json.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keywords } from '../grammar/tokens.ts';
import { backbones } from '../src/compiler/vocabulary/backbones.ts';
import { blocks } from '../src/compiler/vocabulary/blocks.ts';
import type { ValueType, Words } from '../src/compiler/vocabulary/word.ts';

interface Sorts {
  /** Words that begin a statement. */
  readonly statements: Set<string>;
  /** Words that stand as values: optimizers, activations, sources. */
  readonly values: Set<string>;
  readonly parameters: Set<string>;
}

/** Words of sentences, which no table lists. */
const SENTENCE = [
  'none',
  'except',
  'last',
  'first',
  'from',
  'layers',
  'of',
  'train',
  'test',
  'stratified',
  'true',
  'false',
];

export const wordSorts = (): Sorts => {
  const sorts: Sorts = { statements: new Set(), values: new Set(SENTENCE), parameters: new Set() };
  const addType = (type: ValueType): void => {
    if (type.kind === 'choice') for (const word of Object.keys(type.words)) sorts.values.add(word);
    if (type.kind === 'call') addWords(type.words, sorts.values);
    if (type.kind === 'optional') addType(type.type);
    if (type.kind === 'either') type.types.forEach(addType);
  };
  const addWords = (words: Words, into: Set<string>): void => {
    for (const [name, word] of Object.entries(words)) {
      into.add(name);
      for (const [key, param] of Object.entries(word.params)) {
        if (key !== 'value') sorts.parameters.add(key);
        addType(param.type);
      }
    }
  };
  for (const words of Object.values(blocks)) addWords(words, sorts.statements);
  for (const name of Object.keys(backbones)) sorts.values.add(name);
  for (const keyword of keywords) {
    sorts.statements.delete(keyword.name.toLowerCase());
    sorts.values.delete(keyword.name.toLowerCase());
  }
  return sorts;
};

/** Longest first, so that no word hides a longer one. */
const anyOf = (words: Iterable<string>): string =>
  [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|');

export const tmLanguage = () => {
  const { statements, values, parameters } = wordSorts();
  const words = anyOf(keywords.map((keyword) => keyword.name.toLowerCase()));
  return {
    name: 'tlp',
    scopeName: 'source.tlp',
    fileTypes: ['tlp'],
    patterns: [
      { name: 'comment.line.double-slash.tlp', match: '//.*$' },
      { name: 'string.quoted.double.tlp', match: '"[^"]*"?' },
      { name: 'constant.numeric.dimensions.tlp', match: '\\b\\d+x\\d+(?:x\\d+)?\\b' },
      {
        match: '(?<!\\w)(-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?)(%|(?:deg|px)\\b)?',
        captures: { 1: { name: 'constant.numeric.tlp' }, 2: { name: 'keyword.other.unit.tlp' } },
      },
      { name: 'variable.parameter.tlp', match: `\\b(?:${anyOf(parameters)})(?=\\s*:)` },
      { name: 'string.regexp.pattern.tlp', match: '\\b[A-Za-z_]\\w*\\*(?=[\\s{};,)]|$)' },
      { name: 'keyword.control.tlp', match: `(?<=^|[{};])\\s*(?:${words})\\b` },
      { name: 'support.function.tlp', match: `(?<=^|[{};])\\s*(?:${anyOf(statements)})\\b` },
      { name: 'keyword.other.tlp', match: '\\b(?:continues|in|step)\\b' },
      { name: 'support.constant.tlp', match: `\\b(?:${anyOf(values)})\\b` },
      { name: 'keyword.operator.tlp', match: '\\.\\.|[=+*/-]' },
      { name: 'punctuation.tlp', match: '[{}()\\[\\],:;]' },
    ],
  };
};

export const tmLanguageText = (): string => `${JSON.stringify(tmLanguage(), null, 2)}\n`;

const file = fileURLToPath(new URL('../grammar/tlp.tmLanguage.json', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, tmLanguageText());
