// Verb: words by role to the TextMate grammar, which editors and web pages highlight by.
import { readRoles } from './roles.ts';

type Pattern = {
  readonly name?: string;
  readonly match: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
};

/** Longest first, so that no word hides a longer one. */
const anyOf = (words: Iterable<string>): string =>
  [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|');

/** Where a statement begins: a line, or behind `{`, `}` and `;`. */
const START = '(?:^|(?<=[{};]))\\s*';
const WORD = '[A-Za-z_][A-Za-z0-9_]*';
const NUMBER = '-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';

const scopes = (...names: readonly string[]): Readonly<Record<string, { readonly name: string }>> =>
  Object.fromEntries(names.map((name, i) => [String(i + 1), { name: `${name}.tlp` }]));

const patterns = (): readonly Pattern[] => {
  const roles = readRoles();
  const values = [...roles.values];
  const definitions = ['let', 'param'].filter((word) => roles.parts.has(word));
  // `backbone` and `freeze` go on with words of the language, `import` with a text.
  const named = [...roles.parts].filter(
    (word) => !['backbone', 'freeze', 'import', 'sweep', ...definitions].includes(word),
  );
  return [
    {
      name: 'comment.line.double-slash.tlp',
      match: '//\\s*(tlp-ignore)\\b\\s*([\\w-]*).*$',
      captures: scopes('keyword.other.ignore', 'entity.name.tag'),
    },
    { name: 'comment.line.double-slash.tlp', match: '//.*$' },
    { name: 'string.quoted.double.tlp', match: '"[^"]*(?:"|$)' },
    { name: 'constant.numeric.size.tlp', match: '\\b\\d+x\\d+(?:x\\d+)?(?!\\w)' },
    {
      match: `(?<!\\w)(${NUMBER})(%|(?:${anyOf(roles.units)})\\b)?(?!\\w)`,
      captures: scopes('constant.numeric', 'keyword.other.unit'),
    },
    { name: 'variable.parameter.tlp', match: `\\b(?:${anyOf(roles.parameters)})(?=\\s*:)` },
    { name: 'string.regexp.pattern.tlp', match: `\\b${WORD}\\*(?=[\\s{};,)]|$)` },
    {
      match: `${START}(${anyOf(definitions)})\\s+(${WORD})(?=\\s*=)`,
      captures: scopes('keyword.control', 'variable.other.constant'),
    },
    {
      match: `${START}(backbone)\\s+(${anyOf(roles.backbones)})\\b(?:\\s+(?!step\\b)(${WORD}))?`,
      captures: scopes('keyword.control', 'support.class', 'entity.name.section'),
    },
    {
      match: `${START}(run)\\s+(${WORD})\\s+(continues)\\b(?:\\s+(${WORD}))?`,
      captures: scopes('keyword.control', 'entity.name.section', 'keyword.other', 'entity.name.section'),
    },
    {
      match: `${START}(${anyOf([...named, 'backbone'])})\\s+(?!continues\\b)(${WORD})`,
      captures: scopes('keyword.control', 'entity.name.section'),
    },
    { match: `${START}(${anyOf(roles.parts)})\\b`, captures: scopes('keyword.control') },
    { match: `${START}(${anyOf(roles.statements)})\\b`, captures: scopes('support.function') },
    { name: 'keyword.other.tlp', match: `\\b(?:${anyOf(roles.joints)})\\b(?!\\s*\\()` },
    { name: 'constant.language.tlp', match: `\\b(?:${anyOf(roles.constants)})\\b` },
    { name: 'support.function.call.tlp', match: `\\b(?:${anyOf(values)})(?=\\()` },
    { name: 'support.constant.tlp', match: `\\b(?:${anyOf(values)})\\b` },
    { name: 'keyword.other.tlp', match: `\\b(?:${anyOf(roles.sentence)})\\b` },
    { name: 'keyword.operator.tlp', match: '\\.\\.|[=+*/-]' },
    { name: 'punctuation.section.block.tlp', match: '[{}]' },
    { name: 'punctuation.section.brackets.tlp', match: '[()\\[\\]]' },
    { name: 'punctuation.separator.tlp', match: '[,:;]' },
  ];
};

export const tmLanguage = () => ({
  name: 'tlp',
  scopeName: 'source.tlp',
  fileTypes: ['tlp'],
  patterns: patterns(),
});

export const tmLanguageText = (): string => `${JSON.stringify(tmLanguage(), null, 2)}\n`;
