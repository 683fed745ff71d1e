// Verb: source text to the same text in the one canonical style. Works on tokens, so that every comment stays.
import { type IToken, tokenMatcher } from 'chevrotain';
import * as t from '../../grammar/tokens.ts';
import { lex } from './lex.ts';
import { lineAt, type Source, sourceOf } from './source.ts';

/** Columns of a line; a statement that is longer is broken at the commas of its outermost call. */
const WIDTH = 100;

/** A comment on lines of its own, or a statement with what follows it. */
interface Entry {
  /** An empty line stood before it. */
  readonly blank: boolean;
  /** Tokens up to the block, comments inside of calls among them; of a comment entry, the comment alone. */
  readonly tokens: readonly IToken[];
  readonly block: BlockEntries | null;
  /** Comment behind it on the same line. */
  trailing: IToken | null;
}

interface BlockEntries {
  readonly entries: readonly Entry[];
  /** Comment behind the `{`. */
  readonly opening: IToken | null;
  /** `{` and `}` stand on one line. */
  readonly flat: boolean;
}

/** The text formatted; the caller has made sure that it has no syntax errors. Line ends stay what they mostly are. */
export const format = (text: string): string => {
  const source = sourceOf('', text);
  const lexed = lex(source);
  const tokens = [...lexed.tokens, ...lexed.comments].sort((a, b) => a.startOffset - b.startOffset);
  const reader = new Reader(source, tokens);
  const lines = printEntries(reader.entries(), 0);
  const end = (text.match(/\r\n/g)?.length ?? 0) * 2 > source.lineStarts.length - 1 ? '\r\n' : '\n';
  return lines.map((line) => line + end).join('');
};

const isComment = (token: IToken): boolean => token.tokenType === t.Comment;
const isSeparator = (token: IToken): boolean => tokenMatcher(token, t.Separator);
const opens = (token: IToken): boolean =>
  token.tokenType === t.ParenOpen || token.tokenType === t.CallOpen || token.tokenType === t.ListOpen;
const closes = (token: IToken): boolean => token.tokenType === t.ParenClose || token.tokenType === t.ListClose;

/** Walks the tokens once. */
class Reader {
  private at = 0;

  constructor(
    private readonly source: Source,
    private readonly tokens: readonly IToken[],
  ) {}

  entries(): readonly Entry[] {
    const out: Entry[] = [];
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (token.tokenType === t.BlockClose) break;
      if (isSeparator(token)) this.at++;
      else if (isComment(token)) {
        this.at++;
        const last = out.at(-1);
        if (last !== undefined && last.trailing === null && this.sameLine(token)) last.trailing = token;
        else out.push({ blank: this.blankBefore(token), tokens: [token], block: null, trailing: null });
      } else out.push(this.statement(token));
    }
    return out;
  }

  private statement(first: IToken): Entry {
    const blank = this.blankBefore(first);
    const tokens: IToken[] = [];
    let depth = 0;
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (depth === 0 && (isSeparator(token) || isComment(token) || token.tokenType === t.BlockClose)) break;
      if (token.tokenType === t.BlockOpen) return { blank, tokens, block: this.block(), trailing: null };
      if (opens(token)) depth++;
      else if (closes(token)) depth--;
      tokens.push(token);
      this.at++;
    }
    return { blank, tokens, block: null, trailing: null };
  }

  private block(): BlockEntries {
    const open = this.tokens[this.at++]!;
    const next = this.tokens[this.at];
    const opening = next !== undefined && isComment(next) && this.sameLine(next) ? next : null;
    if (opening !== null) this.at++;
    const entries = this.entries();
    const close = this.tokens[this.at++];
    const flat =
      close !== undefined && lineAt(this.source, open.startOffset) === lineAt(this.source, close.startOffset);
    return { entries, opening, flat };
  }

  /** Whether something that is no separator stands before a token on its line. */
  private sameLine(token: IToken): boolean {
    const start = this.source.lineStarts[lineAt(this.source, token.startOffset)]!;
    return this.source.text.slice(start, token.startOffset).trim() !== '';
  }

  private blankBefore(token: IToken): boolean {
    const line = lineAt(this.source, token.startOffset);
    const start = this.source.lineStarts[line]!;
    const before = this.source.lineStarts[line - 1];
    if (before === undefined || this.source.text.slice(start, token.startOffset).trim() !== '') return false;
    return this.source.text.slice(before, start).trim() === '';
  }
}

const printEntries = (entries: readonly Entry[], depth: number): readonly string[] => {
  const out: string[] = [];
  const printed = entries.map((entry) => printEntry(entry, depth));
  for (const [i, entry] of entries.entries()) {
    const glued = i > 0 && isNote(entries[i - 1]!) && !entry.blank;
    const large = depth === 0 && i > 0 && !glued && (lengthOf(entries, printed, i) > 1 || printed[i - 1]!.length > 1);
    if (i > 0 && (entry.blank || large)) out.push('');
    out.push(...printed[i]!);
  }
  return out;
};

/** A comment on a line of its own. */
const isNote = (entry: Entry): boolean => entry.tokens.length === 1 && isComment(entry.tokens[0]!);

/** Lines of an entry; a comment counts as what it stands on. */
const lengthOf = (entries: readonly Entry[], printed: readonly (readonly string[])[], i: number): number => {
  let at = i;
  while (isNote(entries[at]!) && entries[at + 1] !== undefined && !entries[at + 1]!.blank) at++;
  return printed[at]!.length;
};

const printEntry = (entry: Entry, depth: number): readonly string[] => {
  const indent = '  '.repeat(depth);
  const after = entry.trailing === null ? '' : ` ${comment(entry.trailing)}`;
  if (isNote(entry)) return [`${indent}${comment(entry.tokens[0]!)}${after}`];
  const head = joined(entry.tokens);
  if (entry.block === null) {
    const whole = `${indent}${head}${after}`;
    const long = indent.length + head.length > WIDTH || entry.tokens.some(isComment);
    if (!long) return [whole];
    const lines = broken(entry.tokens, indent);
    return lines.map((line, i) => (i === lines.length - 1 ? line + after : line));
  }
  const flat = flatBlock(entry.block);
  const space = head === '' ? '' : ' ';
  if (flat !== null && indent.length + head.length + space.length + flat.length <= WIDTH) {
    return [`${indent}${head}${space}${flat}${after}`];
  }
  const opening = entry.block.opening === null ? '' : ` ${comment(entry.block.opening)}`;
  const lines = entry.tokens.some(isComment) ? broken(entry.tokens, indent) : [`${indent}${head}`];
  return [
    ...lines.slice(0, -1),
    `${lines.at(-1)}${space}{${opening}`,
    ...printEntries(entry.block.entries, depth + 1),
    `${indent}}${after}`,
  ];
};

/** `{ a; b }`, where it stood on one line and holds no comment. */
const flatBlock = (block: BlockEntries): string | null => {
  if (block.entries.length === 0 && block.opening === null) return '{}';
  if (!block.flat || block.opening !== null) return null;
  const parts: string[] = [];
  for (const entry of block.entries) {
    if (entry.trailing !== null || entry.tokens.some(isComment)) return null;
    const head = joined(entry.tokens);
    const inner = entry.block === null ? '' : flatBlock(entry.block);
    if (inner === null) return null;
    parts.push(head === '' || inner === '' ? head + inner : `${head} ${inner}`);
  }
  const branches = block.entries.every((entry) => entry.tokens.length === 0);
  return `{ ${parts.join(branches ? ' ' : '; ')} }`;
};

const comment = (token: IToken): string => token.image.trimEnd();

const joined = (tokens: readonly IToken[]): string =>
  tokens.map((token, i) => (i > 0 && spaced(tokens[i - 1]!, token) ? ` ${token.image}` : token.image)).join('');

const spaced = (before: IToken, token: IToken): boolean => {
  const type = token.tokenType;
  if (opens(before) || before.tokenType === t.To) return false;
  // Directly before these, `block5_*` would be a word and a sign.
  if (before.tokenType === t.Pattern && (type === t.To || type === t.ListClose)) return true;
  return !(closes(token) || type === t.Comma || type === t.Colon || type === t.CallOpen || type === t.To);
};

/** A long statement: one argument of the outermost call or list on each line; comments end their line. */
const broken = (tokens: readonly IToken[], indent: string): readonly string[] => {
  const lines: string[] = [];
  let line = indent;
  let depth = 0;
  const inner = `${indent}  `;
  const flush = (next: string): void => {
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = next;
  };
  const listed = tokens.some((token) => token.tokenType === t.Comma);
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    if (isComment(token)) {
      line += `${line.trim() === '' ? '' : ' '}${comment(token)}`;
      flush(inner);
      continue;
    }
    const closing = closes(token) && depth === 1;
    if (closes(token)) depth--;
    if (closing && listed) flush(indent);
    const space = before !== undefined && line.trim() !== '' && spaced(before, token);
    line += space ? ` ${token.image}` : token.image;
    if (opens(token)) depth++;
    const starts = opens(token) && depth === 1 && listed;
    const splits = token.tokenType === t.Comma && depth === 1;
    const next = tokens[i + 1];
    if ((starts || splits) && next !== undefined && !isComment(next)) flush(inner);
  }
  flush('');
  return lines;
};
