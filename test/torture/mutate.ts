// Verb: a pipeline to pipelines that are wrong in one place or in several: tokens removed, doubled, swapped, replaced by others.
import { readdirSync, readFileSync } from 'node:fs';
import { lex } from '../../src/parser/lex.ts';
import { sourceOf } from '../../src/parser/source.ts';

export interface Pipeline {
  readonly name: string;
  readonly text: string;
}

const folder = new URL('../../pipelines/', import.meta.url);

/** All pipelines that come with tlp. */
export const pipelines: readonly Pipeline[] = readdirSync(folder)
  .filter((name) => name.endsWith('.tlp'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

interface Piece {
  readonly start: number;
  readonly end: number;
}

const piecesOf = (text: string): readonly Piece[] =>
  lex(sourceOf('mutated.tlp', text))
    .tokens.filter(({ image }) => image !== '')
    .map(({ startOffset, image }) => ({ start: startOffset, end: startOffset + image.length }));

/** A mutant and what was done. */
export interface Mutant {
  readonly what: string;
  readonly text: string;
}

/** All texts that differ in a single token: removed, doubled, swapped with the next one. */
export function* singleMutants({ name, text }: Pipeline): Generator<Mutant> {
  const pieces = piecesOf(text);
  for (const [i, { start, end }] of pieces.entries()) {
    const token = text.slice(start, end);
    const at = `${name}: ${JSON.stringify(token)} at ${start}`;
    yield { what: `${at} removed`, text: text.slice(0, start) + text.slice(end) };
    yield { what: `${at} doubled`, text: `${text.slice(0, end)} ${token}${text.slice(end)}` };
    const next = pieces[i + 1];
    if (next === undefined) continue;
    const swapped = text.slice(next.start, next.end) + text.slice(end, next.start) + token;
    yield { what: `${at} swapped`, text: text.slice(0, start) + swapped + text.slice(next.end) };
  }
}

/** Numbers from 0 to below 1, the same for the same seed (Lehmer, modulus 2^31 - 1). */
export const numbersOf = (seed: number): (() => number) => {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
};

/** Tokens that mutants get from nowhere. */
const strangers: readonly string[] = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    ':',
    '=',
    '..',
    '+',
    '-',
    '*',
    '/',
    '"',
    '\n',
    '–',
    '“',
    '×',
    '😀',
    '\u0000',
  ],
  ...[
    '0',
    '-1',
    '1e309',
    '0.5',
    '150%',
    '20deg',
    '0x0',
    '3x3',
    '99999999999',
    'none',
    'true',
    'run',
    'let',
    'sweep',
    'in',
  ],
];

/** A text with one to four random changes; `from` are texts whose tokens may come in. */
export const randomMutant = ({ name, text }: Pipeline, from: readonly string[], random: () => number): Mutant => {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  let mutated = text;
  const done: string[] = [];
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const pieces = piecesOf(mutated);
    if (pieces.length === 0) break;
    const { start, end } = pick(pieces);
    const token = mutated.slice(start, end);
    const other = random() < 0.3 ? pick(strangers) : pick(from);
    const [what, changed] = pick([
      ['removed', ''],
      ['doubled', `${token} ${token}`],
      ['replaced', other],
      ['preceded', `${other} ${token}`],
      ['cut', token.slice(0, Math.floor(random() * token.length))],
    ]);
    done.push(`${JSON.stringify(token)} at ${start} ${what}`);
    mutated = mutated.slice(0, start) + changed + mutated.slice(end);
  }
  return { what: `${name}: ${done.join(', ')}`, text: mutated };
};

/** All tokens of a text. */
export const tokensOf = (text: string): readonly string[] =>
  piecesOf(text).map(({ start, end }) => text.slice(start, end));
