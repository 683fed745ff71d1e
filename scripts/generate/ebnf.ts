// Verb: productions to EBNF in the notation of the W3C.
import type { Grammar, Production, Syntax } from './syntax.ts';

const HEAD = `/* The language tlp, in the EBNF notation of the W3C. Written by \`npm run generate\` from tokens.ts and rules.ts.

   Keywords are ordinary words elsewhere: \`step\` is also a schedule. A production that begins with a keyword goes before
   \`statement\`. Line ends inside ( ) and [ ] are spaces. Which words a block holds is said in docs/language.md. */`;

export const ebnfText = ({ rules, tokens }: Grammar): string =>
  `${HEAD}\n\n${rules.map(line).join('\n')}\n\n/* Tokens; of several that fit, the longest. */\n\n${tokens.map(line).join('\n')}\n`;

const line = ({ name, syntax, note }: Production): string =>
  `${name} ::= ${toEbnf(syntax, 'choice')}${note === null ? '' : ` /* ${note} */`}`;

/** `around`: how tightly the place binds; looser parts get parentheses. */
export const toEbnf = (syntax: Syntax, around: 'choice' | 'sequence' | 'unit'): string => {
  const wrap = (text: string, needed: boolean): string => (needed ? `(${text})` : text);
  switch (syntax.kind) {
    case 'literal':
      return quoted(syntax.text);
    case 'class':
      return syntax.text;
    case 'name':
      return syntax.name;
    case 'choice':
      return wrap(syntax.parts.map((part) => toEbnf(part, 'sequence')).join(' | '), around !== 'choice');
    case 'sequence':
      return wrap(syntax.parts.map((part) => toEbnf(part, 'sequence')).join(' '), around === 'unit');
    case 'optional':
      return `${toEbnf(syntax.part, 'unit')}?`;
    case 'repeat':
      return `${toEbnf(syntax.part, 'unit')}${syntax.some ? '+' : '*'}`;
  }
};

/** In quotes; what cannot be seen by its number. */
const quoted = (text: string): string => {
  if ([...text].some((c) => c < ' ')) {
    const codes = [...text].map((c) => `#x${c.codePointAt(0)!.toString(16).toUpperCase()}`);
    return codes.length === 1 ? codes[0]! : `(${codes.join(' ')})`;
  }
  return text.includes("'") ? `"${text}"` : `'${text}'`;
};
