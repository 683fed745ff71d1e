// Verb: the Chevrotain grammar and its tokens to productions.
import { TlpParser } from '../../grammar/rules.ts';
import { CallOpen, Comment, NotWord, Space, tokens } from '../../grammar/tokens.ts';
import { readPattern } from './read-pattern.ts';
import { choice, type Grammar, type Production, type Syntax, sequence } from './syntax.ts';

type TokenType = (typeof tokens)[number];
type Gast = ReturnType<TlpParser['getSerializedGastProductions']>[number];

/** `stray` is what no production begins with: the parser's net for mistakes, no part of the language. */
const NET = 'stray';

/** The pattern of a token that the lexer finds; none where only categories or marks make it. */
const patternOf = (token: TokenType): RegExp | null =>
  token.PATTERN instanceof RegExp && token.PATTERN.source !== 'NOT_APPLICABLE' ? token.PATTERN : null;

const byName = new Map(tokens.map((token) => [token.name, token]));

/** The text of a token that is always the same: a keyword, a bracket. */
const fixedText = (token: TokenType): string | null => {
  const pattern = patternOf(token);
  if (pattern === null) return null;
  const { syntax } = readPattern(pattern);
  return syntax.kind === 'literal' && syntax.text.trim() !== '' ? syntax.text : null;
};

/** Chevrotain's types of serialized nodes leave the name out. */
const nameOf = (node: object): string => {
  if (!('name' in node) || typeof node.name !== 'string') throw new Error('a part of the grammar without a name');
  return node.name;
};

const readNode = (node: Gast): Syntax => {
  const inner = (): Syntax => sequence((node as { definition: Gast[] }).definition.map(readNode));
  switch (node.type) {
    case 'NonTerminal':
      return { kind: 'name', name: nameOf(node) };
    case 'Terminal': {
      const name = nameOf(node);
      const text = fixedText(byName.get(name)!);
      return text === null ? { kind: 'name', name } : { kind: 'literal', text };
    }
    case 'Option':
      return { kind: 'optional', part: inner() };
    case 'Repetition':
      return { kind: 'repeat', some: false, part: inner() };
    case 'RepetitionMandatory':
      return { kind: 'repeat', some: true, part: inner() };
    case 'Alternation': {
      const parts = (node as { definition: Gast[] }).definition.map(readNode);
      return choice(parts.filter((part) => part.kind !== 'name' || part.name !== NET));
    }
    case 'Alternative':
    case 'Rule':
      return inner();
    default:
      throw new Error(`the grammar has a ${node.type}, which productions cannot say`);
  }
};

const tokenProduction = (token: TokenType): Production => {
  const { name } = token;
  if (token === CallOpen) {
    return { name, syntax: { kind: 'literal', text: '(' }, note: 'directly after its word, with no space between' };
  }
  const pattern = patternOf(token);
  if (pattern === null) {
    const members = tokens.filter((member) => member.CATEGORIES?.includes(token));
    return { name, syntax: choice(members.map((member) => ({ kind: 'name', name: member.name }))), note: null };
  }
  const { syntax, follows } = readPattern(pattern);
  const skipped = token === Space || token === Comment ? 'may stand between any two tokens' : null;
  return { name, syntax, note: skipped ?? (follows === null ? null : `where ${follows}`) };
};

export const readGrammar = (): Grammar => ({
  rules: new TlpParser()
    .getSerializedGastProductions()
    .map((rule) => ({ name: nameOf(rule), syntax: readNode(rule), note: null }))
    .filter(({ name }) => name !== NET),
  tokens: tokens
    .filter((token) => token !== NotWord && (fixedText(token) === null || token.name === 'Semicolon'))
    .map(tokenProduction),
});
