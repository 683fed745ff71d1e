// Verb: source text to tokens. Brackets come out balanced and line ends inside calls are gone, so that the grammar
// sees statements only; what was wrong is reported once, here.
import { createTokenInstance, type IToken, Lexer, tokenMatcher } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { type Diagnostic, type Fix, finding, MOST_MISTAKES } from './diagnostic.ts';
import {
  nestedTooDeeply,
  tooManyWords,
  unclosedBracket,
  unexpectedCharacter,
  unmatchedBracket,
  unterminatedText,
  wordTooLong,
} from './rules/rules.ts';
import { clampSpan, type Source, type Span } from './source.ts';

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

const lexer = new Lexer([...t.tokens], { positionTracking: 'onlyOffset', skipValidations: true });

/** Half-open span of a token. */
export const tokenSpan = (source: Source, token: IToken): Span =>
  clampSpan(source, token.startOffset, token.image === '' ? token.startOffset : token.startOffset + token.image.length);

export const lex = (source: Source): Lexed => {
  const result = lexer.tokenize(source.text);
  const diagnostics: Diagnostic[] = result.errors.slice(0, MOST_MISTAKES + 1).map((error) => {
    const span = clampSpan(source, error.offset, error.offset + error.length);
    return strangeCharacters(source, span);
  });
  const comments = result.groups.comments ?? [];
  const read = result.tokens.filter((token, i) => !isNewline(token) || !isNewline(result.tokens[i - 1]));
  const excess = excessOf(source, read);
  if (excess !== null) return { tokens: [], comments, diagnostics: [...diagnostics, excess] };
  for (const token of read) {
    if (token.tokenType === t.Text && (token.image.length < 2 || !token.image.endsWith('"'))) {
      diagnostics.push(
        finding(unterminatedText, tokenSpan(source, token), 'This text has no closing quote on its line.', {
          help: 'Close it with `"`.',
          fix: insertion(source, endOf(token), '"'),
        }),
      );
    }
  }
  const tokens = balanceBlocks(source, balanceCalls(source, markCalls(read), diagnostics), diagnostics);
  // A tree of so damaged a text would say nothing.
  return { tokens: diagnostics.length > MOST_MISTAKES ? [] : tokens, comments, diagnostics };
};

const isNewline = (token: IToken | undefined): boolean => token?.tokenType === t.Newline;

/** Characters that look like one of the language, as word processors write them. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ...[...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d'].map((dash) => [dash, '-'] as const),
  ...[...'\u201c\u201d\u201e\u201f\uff02'].map((quote) => [quote, '"'] as const),
  ['\u00d7', 'x'],
  ['\uff1a', ':'],
  ['\uff0c', ','],
  ['\uff1b', ';'],
  ['\uff1d', '='],
  ['\uff05', '%'],
]);

/** What looks like another character is that one; what stands alone goes; within a word or number nobody can tell what was meant. */
const strangeCharacters = (source: Source, span: Span): Diagnostic => {
  const text = source.text.slice(span.start, span.end);
  const meant = lookalikes.get(text);
  const replaced = (title: string, written: string, safe: boolean): { readonly fix: Fix } => ({
    fix: { title, edits: [{ kind: 'replace', span, text: written }], safe },
  });
  const alone = /^\s*$/.test(`${source.text[span.start - 1] ?? ''}${source.text[span.end] ?? ''}`);
  const rest = 'Words are letters, digits and `_`; texts stand in double quotes; comments begin with `//`.';
  return finding(unexpectedCharacter, span, `${shown(text)} is no part of the language.`, {
    help: meant === undefined ? `Remove it. ${rest}` : `Write \`${meant}\`.`,
    ...(meant !== undefined
      ? replaced(`Write \`${meant}\``, meant, true)
      : alone
        ? replaced('Remove it', '', false)
        : {}),
  });
};

/** Words, values and signs of a pipeline; more are some other file. */
const MOST_TOKENS = 50_000;

/** Characters of a word or a text: the longest path that Linux opens. */
const LONGEST_WORD = 4096;

/** What keeps a text from being read at all: it is too long, too deep, or holds a word that is too long. */
const excessOf = (source: Source, tokens: readonly IToken[]): Diagnostic | null => {
  const last = tokens[MOST_TOKENS];
  if (last !== undefined) {
    return finding(
      tooManyWords,
      tokenSpan(source, last),
      `${count(tokens.length)} words, values and signs; a file has at most ${count(MOST_TOKENS)}.`,
      { help: 'Say it shorter, with `repeat`, `sweep` or `import`, or check whether this is a pipeline at all.' },
    );
  }
  const long = tokens.find((token) => token.image.length > LONGEST_WORD && !tokenMatcher(token, t.Separator));
  if (long !== undefined) {
    const what = long.image.startsWith('"') ? 'text' : 'word';
    return finding(
      wordTooLong,
      tokenSpan(source, long),
      `This ${what} has ${count(long.image.length)} characters; ${count(LONGEST_WORD)} are the most.`,
      { help: what === 'text' ? 'Look for a closing quote that is missing.' : 'Write a shorter one.' },
    );
  }
  const deep = tooDeep(tokens);
  if (deep === null) return null;
  return finding(nestedTooDeeply, tokenSpan(source, deep), 'More than 100 brackets are open here.', {
    help: 'Close the blocks and calls before.',
  });
};

const count = (n: number): string => n.toLocaleString('en-US');

/** The first token that opens one bracket too many. */
const tooDeep = (tokens: readonly IToken[]): IToken | null => {
  let depth = 0;
  for (const token of tokens) {
    if (isOpen(token) || token.tokenType === t.BlockOpen) depth++;
    else if (isClose(token) || token.tokenType === t.BlockClose) depth = Math.max(0, depth - 1);
    if (depth > 100) return token;
  }
  return null;
};

const shown = (text: string): string => {
  const characters = [...text];
  return `\`${characters.length > 12 ? `${characters.slice(0, 12).join('')}…` : text}\``;
};

/** `(` that touches the word before it opens a call. Also gives each token its inclusive end, which the tree needs. */
const markCalls = (tokens: readonly IToken[]): IToken[] =>
  tokens.map((token, i) => {
    token.endOffset = token.startOffset + token.image.length - 1;
    const before = tokens[i - 1];
    const touches =
      token.tokenType === t.ParenOpen &&
      before !== undefined &&
      tokenMatcher(before, t.Word) &&
      before.startOffset + before.image.length === token.startOffset;
    return touches ? { ...token, tokenType: t.CallOpen, tokenTypeIdx: t.CallOpen.tokenTypeIdx! } : token;
  });

/** A token that stands in for a missing bracket: no text, placed where it should be. */
const missing = (type: typeof t.BlockClose, offset: number): IToken =>
  createTokenInstance(type, '', offset, offset - 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN);

/** Unsafe: where a bracket is missing is a guess. */
const insertion = (source: Source, at: number, text: string): Fix => ({
  title: `Insert \`${text.trim()}\``,
  edits: [{ kind: 'replace', span: clampSpan(source, at, at), text }],
  safe: false,
});

const endOf = (token: IToken): number => token.startOffset + token.image.length;

/** Which bracket closes which; and those that close nothing. */
interface Pairs {
  readonly partner: ReadonlyMap<IToken, IToken>;
  readonly unmatched: ReadonlySet<IToken>;
}

/** Pairs brackets. A wrong closer, as in `[1, 2)`, still closes: one finding, not two. None closes across a brace. */
const pairBrackets = (tokens: readonly IToken[]): Pairs => {
  const partner = new Map<IToken, IToken>();
  const unmatched = new Set<IToken>();
  const stack: IToken[] = [];
  for (const token of tokens) {
    if (isOpen(token)) stack.push(token);
    else if (isClose(token)) {
      const open = stack.pop();
      if (open === undefined) unmatched.add(token);
      else partner.set(open, token).set(token, open);
    } else if (token.tokenType === t.BlockOpen || token.tokenType === t.BlockClose) stack.length = 0;
  }
  return { partner, unmatched };
};

/** A bracket under way, with the type of token that closes it. */
interface OpenBracket {
  readonly open: IToken;
  readonly close: typeof t.ParenClose;
}

const closingText = ({ close }: OpenBracket): string => (close === t.ListClose ? ']' : ')');

const closesNothing = (source: Source, token: IToken): Diagnostic =>
  finding(unmatchedBracket, tokenSpan(source, token), `This \`${token.image}\` closes nothing.`, {
    help: 'Remove it, or open it before.',
    fix: {
      title: 'Remove it',
      edits: [{ kind: 'replace', span: tokenSpan(source, token), text: '' }],
      safe: false,
    },
  });

const neverClosed = (source: Source, { open }: OpenBracket, cure: { readonly help: string; readonly fix?: Fix }) =>
  finding(unclosedBracket, tokenSpan(source, open), `This \`${open.image}\` is never closed.`, cure);

const cannotClose = (source: Source, token: IToken, bracket: OpenBracket): Diagnostic => {
  const right = closingText(bracket);
  const span = tokenSpan(source, token);
  return finding(unmatchedBracket, span, `\`${token.image}\` cannot close \`${bracket.open.image}\`.`, {
    help: `Write \`${right}\`.`,
    fix: { title: `Write \`${right}\``, edits: [{ kind: 'replace', span, text: right }], safe: true },
    related: [{ span: tokenSpan(source, bracket.open), message: 'opened here' }],
  });
};

/** Balances `(` and `[` and drops line ends between them. A call without `)` before the next brace ends with its line. */
const balanceCalls = (source: Source, tokens: readonly IToken[], diagnostics: Diagnostic[]): IToken[] => {
  const { partner, unmatched } = pairBrackets(tokens);
  for (const token of unmatched) diagnostics.push(closesNothing(source, token));
  const out: IToken[] = [];
  const brackets: OpenBracket[] = [];
  let last = 0;
  const closeAll = (): void => {
    for (const bracket of brackets.splice(0).reverse()) {
      if (partner.has(bracket.open)) continue;
      const text = closingText(bracket);
      const cure = { help: `Close it with \`${text}\`.`, fix: insertion(source, last, text) };
      diagnostics.push(neverClosed(source, bracket, cure));
      out.push(missing(bracket.close, last));
    }
  };
  /** Closes what stands open inside; gives the token that closes, in the form that it should have. */
  const closeWith = (token: IToken): IToken => {
    while (brackets.length > 0 && brackets.at(-1)!.open !== partner.get(token)) {
      const inner = brackets.pop()!;
      diagnostics.push(neverClosed(source, inner, { help: 'Close it.' }));
      out.push(missing(inner.close, last));
    }
    const bracket = brackets.pop();
    if (bracket === undefined || bracket.close === token.tokenType) return token;
    diagnostics.push(cannotClose(source, token, bracket));
    return missing(bracket.close, token.startOffset);
  };
  for (const token of tokens) {
    if (unmatched.has(token)) continue;
    if (token.tokenType === t.Newline && brackets.some(({ open }) => partner.has(open))) continue;
    if (isClose(token)) out.push(closeWith(token));
    else {
      if (isOpen(token))
        brackets.push({ open: token, close: token.tokenType === t.ListOpen ? t.ListClose : t.ParenClose });
      else if (endsCall(token)) closeAll();
      out.push(token);
    }
    last = endOf(token);
  }
  closeAll();
  return out;
};

/** Where a call that was not closed ends at the latest. */
const endsCall = (token: IToken): boolean =>
  tokenMatcher(token, t.Separator) || token.tokenType === t.BlockOpen || token.tokenType === t.BlockClose;

const isOpen = (token: IToken): boolean =>
  token.tokenType === t.ParenOpen || token.tokenType === t.CallOpen || token.tokenType === t.ListOpen;
const isClose = (token: IToken): boolean => token.tokenType === t.ParenClose || token.tokenType === t.ListClose;

const partWords: ReadonlySet<unknown> = new Set([
  t.Data,
  t.Augment,
  t.Backbone,
  t.Head,
  t.Schedule,
  t.Run,
  t.Let,
  t.Param,
  t.Import,
  t.Sweep,
]);

/** Balances `{`. Where one is missing, a block ends before the next part that begins a line without indentation. */
const balanceBlocks = (source: Source, tokens: readonly IToken[], diagnostics: Diagnostic[]): IToken[] => {
  let depth = 0;
  let lowest = 0;
  for (const token of tokens) {
    if (token.tokenType === t.BlockOpen) depth++;
    else if (token.tokenType === t.BlockClose) lowest = Math.min(lowest, --depth);
  }
  let lacking = depth - lowest;
  const out: IToken[] = [];
  const stack: IToken[] = [];
  let last = 0;
  const close = (): void => {
    const open = stack.pop()!;
    lacking--;
    diagnostics.push(
      finding(unclosedBracket, tokenSpan(source, open), 'This `{` is never closed.', {
        help: 'Close the block with `}`.',
        fix: insertion(source, last, source.text.includes('\r\n') ? '\r\n}' : '\n}'),
      }),
    );
    out.push(missing(t.BlockClose, last));
  };
  for (const token of tokens) {
    const begins = token.startOffset === 0 || /[\r\n]/.test(source.text[token.startOffset - 1]!);
    if (begins && lacking > 0 && partWords.has(token.tokenType)) while (stack.length > 0) close();
    if (token.tokenType === t.BlockOpen) stack.push(token);
    else if (token.tokenType === t.BlockClose && stack.pop() === undefined) {
      diagnostics.push(
        finding(unmatchedBracket, tokenSpan(source, token), 'This `}` closes nothing.', {
          help: 'Remove it, or open the block with `{`.',
          fix: { title: 'Remove it', edits: [{ kind: 'remove', span: tokenSpan(source, token) }], safe: false },
        }),
      );
      continue;
    }
    out.push(token);
    if (!tokenMatcher(token, t.Separator)) last = endOf(token);
  }
  while (stack.length > 0) close();
  return out;
};
