// Noun: the tokens of the language. Every keyword is also an ordinary word, so `step` can be a schedule and a keyword.
import { createToken, Lexer, type TokenType } from 'chevrotain';

export const Comment = createToken({ name: 'Comment', pattern: /\/\/[^\r\n]*/, group: 'comments' });
export const Space = createToken({ name: 'Space', pattern: /[ \t\f\u00a0]+/, group: Lexer.SKIPPED });

/** Between two statements: the end of a line, or `;`. */
export const Separator = createToken({ name: 'Separator', pattern: Lexer.NA, label: 'the end of the line' });
export const Newline = createToken({
  name: 'Newline',
  pattern: /\r\n|\n|\r/,
  line_breaks: true,
  categories: Separator,
  label: 'the end of the line',
});
export const Semicolon = createToken({ name: 'Semicolon', pattern: /;/, categories: Separator, label: '`;`' });

/** A token that cannot begin a statement. */
export const NotWord = createToken({ name: 'NotWord', pattern: Lexer.NA });

export const Text = createToken({
  name: 'Text',
  pattern: /"[^"\r\n]*"?/,
  categories: NotWord,
  label: 'a text in quotes',
});
/** `224x224`, `32x32x3`. */
export const Dims = createToken({
  name: 'Dims',
  pattern: /\d+x\d+(?:x\d+)?(?![A-Za-z0-9_])/,
  categories: NotWord,
  label: 'a size such as 3x3',
});
/** A number with its unit: `1e-3`, `50%`, `20deg`. */
export const Quantity = createToken({
  name: 'Quantity',
  pattern: /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?:%|[A-Za-z_][A-Za-z0-9_]*)?/,
  categories: NotWord,
  label: 'a number',
});
/** Layer names by their beginning: `block5_*`. */
export const Pattern = createToken({
  name: 'Pattern',
  pattern: /[A-Za-z_][A-Za-z0-9_]*\*(?=[\s{};,)]|$)/,
  categories: NotWord,
  label: 'a name pattern such as block5_*',
});

export const Word = createToken({ name: 'Word', pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: 'a word' });

const keyword = (word: string): TokenType =>
  createToken({
    name: word[0]!.toUpperCase() + word.slice(1),
    pattern: new RegExp(word),
    longer_alt: [Pattern, Word],
    categories: Word,
    label: `\`${word}\``,
  });

export const Data = keyword('data');
export const Augment = keyword('augment');
export const Backbone = keyword('backbone');
export const Freeze = keyword('freeze');
export const Head = keyword('head');
export const Schedule = keyword('schedule');
export const Stage = keyword('stage');
export const Run = keyword('run');
export const Continues = keyword('continues');
export const Let = keyword('let');
export const Param = keyword('param');
export const Import = keyword('import');
export const Sweep = keyword('sweep');
export const In = keyword('in');
export const Step = keyword('step');

const sign = (name: string, pattern: RegExp, text: string): TokenType =>
  createToken({ name, pattern, label: `\`${text}\``, categories: NotWord });

export const BlockOpen = createToken({ name: 'BlockOpen', pattern: /\{/, label: '`{`' });
export const BlockClose = createToken({ name: 'BlockClose', pattern: /\}/, label: '`}`' });
export const ParenOpen = sign('ParenOpen', /\(/, '(');
/** A `(` that directly follows its word: the lexer marks it, so that `dense (2 * n)` and `dense(units: 2)` differ. */
export const CallOpen = createToken({ name: 'CallOpen', pattern: Lexer.NA, label: '`(`', categories: NotWord });
export const ParenClose = sign('ParenClose', /\)/, ')');
export const ListOpen = sign('ListOpen', /\[/, '[');
export const ListClose = sign('ListClose', /\]/, ']');
export const Comma = sign('Comma', /,/, ',');
export const Colon = sign('Colon', /:/, ':');
export const Equals = sign('Equals', /=/, '=');
export const To = sign('To', /\.\./, '..');

export const AddSign = createToken({ name: 'AddSign', pattern: /[+-]/, categories: NotWord, label: '`+` or `-`' });
export const TimesSign = createToken({ name: 'TimesSign', pattern: /[*/]/, categories: NotWord, label: '`*` or `/`' });

/** The keywords, each with its own production in rules.ts. */
export const keywords: readonly TokenType[] = [
  Data,
  Augment,
  Backbone,
  Freeze,
  Head,
  Schedule,
  Stage,
  Run,
  Continues,
  Let,
  Param,
  Import,
  Sweep,
  In,
  Step,
];

/** In the order in which the lexer tries them. */
export const tokens: readonly TokenType[] = [
  Comment,
  Newline,
  Space,
  Separator,
  NotWord,
  Semicolon,
  Text,
  Dims,
  Quantity,
  ...keywords,
  Pattern,
  Word,
  BlockOpen,
  BlockClose,
  CallOpen,
  ParenOpen,
  ParenClose,
  ListOpen,
  ListClose,
  Comma,
  Colon,
  Equals,
  To,
  AddSign,
  TimesSign,
];
