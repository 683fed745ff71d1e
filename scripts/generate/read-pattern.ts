// Verb: the pattern of a token to a production of characters.
import { type Alternative, type Disjunction, RegExpParser, type Term } from '@chevrotain/regexp-to-ast';
import { choice, type Syntax, sequence } from './syntax.ts';

export interface ReadPattern {
  readonly syntax: Syntax;
  /** What must or must not follow, in words; null: nothing. */
  readonly follows: string | null;
}

export const readPattern = (pattern: RegExp): ReadPattern => {
  const follows: string[] = [];
  const syntax = readChoice(new RegExpParser().pattern(String(pattern)).value, follows);
  return { syntax, follows: follows.length === 0 ? null : follows.join(', ') };
};

const readChoice = (node: Disjunction, follows: string[]): Syntax =>
  choice(node.value.map((alternative) => readSequence(alternative, follows)));

const readSequence = (node: Alternative, follows: string[]): Syntax => {
  const parts: Syntax[] = [];
  for (const term of node.value) {
    const read = readTerm(term, follows);
    const before = parts.at(-1);
    if (read === null) continue;
    if (before?.kind === 'literal' && read.kind === 'literal') {
      parts[parts.length - 1] = { kind: 'literal', text: before.text + read.text };
    } else parts.push(read);
  }
  return sequence(parts);
};

const readTerm = (term: Term, follows: string[]): Syntax | null => {
  switch (term.type) {
    case 'Character':
      return quantified(term, { kind: 'literal', text: String.fromCodePoint(term.value) });
    case 'Set': {
      const ranges = joined(term.value.map((v) => (typeof v === 'number' ? { from: v, to: v } : v)));
      return quantified(term, {
        kind: 'class',
        text: `[${term.complement ? '^' : ''}${ranges.map(rangeText).join('')}]`,
      });
    }
    case 'Group':
      return quantified(term, readChoice(term.value, follows));
    case 'NegativeLookahead':
      follows.push('no letter, digit or `_` follows');
      return null;
    case 'Lookahead':
      follows.push('a space, a closing sign, `{`, `;`, `,` or the end follows');
      return null;
    default:
      throw new Error(`a token's pattern has a ${term.type}, which productions cannot say`);
  }
};

const quantified = (term: Term, part: Syntax): Syntax => {
  const range = 'quantifier' in term ? term.quantifier : undefined;
  if (range === undefined) return part;
  if (range.atMost === 1) return { kind: 'optional', part };
  return { kind: 'repeat', some: range.atLeast > 0, part };
};

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Neighbours become one range; a hyphen comes last, where it means itself. */
const joined = (ranges: readonly Range[]): readonly Range[] => {
  const out: Range[] = [];
  for (const range of ranges) {
    const before = out.at(-1);
    if (before !== undefined && before.to + 1 === range.from) out[out.length - 1] = { from: before.from, to: range.to };
    else out.push(range);
  }
  const hyphen = (range: Range): number => Number(range.from === 45 && range.to === 45);
  return out.sort((a, b) => hyphen(a) - hyphen(b));
};

const rangeText = ({ from, to }: Range): string =>
  to - from < 2 ? [...new Set([from, to])].map(shown).join('') : `${shown(from)}-${shown(to)}`;

/** A character of a class; what cannot be seen, or has a meaning there, by its number. */
const shown = (code: number): string =>
  code <= 32 || code >= 127 || '^]['.includes(String.fromCodePoint(code))
    ? `#x${code.toString(16).toUpperCase()}`
    : String.fromCodePoint(code);
