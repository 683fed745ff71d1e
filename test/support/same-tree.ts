// What formatting must keep: the tree without its places, every token and comment in order; and done twice it changes nothing.
import * as assert from 'uvu/assert';
import * as t from '../../grammar/tokens.ts';
import { format } from '../../src/parser/format.ts';
import { lex } from '../../src/parser/lex.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';

const withoutSpans = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node, (key, value) => (key === 'span' ? undefined : value)));

/** The tree of a text without syntax errors. */
export const tree = (text: string): unknown => {
  const { file, diagnostics } = parse(sourceOf('a', text));
  assert.equal(diagnostics, [], text);
  return withoutSpans(file);
};

/** The items of a file, broken or not, each without places. */
export const itemsOf = (text: string): readonly unknown[] => parse(sourceOf('a', text)).file.items.map(withoutSpans);

/** Everything that is neither space nor separator, in order. */
const pieces = (text: string): readonly string[] => {
  const { tokens, comments } = lex(sourceOf('a', text));
  return [...tokens, ...comments]
    .filter((token) => token.tokenType !== t.Newline && token.tokenType !== t.Semicolon)
    .sort((a, b) => a.startOffset - b.startOffset)
    .map((token) => token.image.trimEnd());
};

export const formatKeeps = (text: string): void => {
  const once = format(text);
  assert.equal(tree(once), tree(text), `another tree:\n${text}\n---\n${once}`);
  assert.equal(pieces(once), pieces(text), `another order:\n${text}\n---\n${once}`);
  assert.is(format(once), once, `not idempotent:\n${once}\n---\n${format(once)}`);
};
