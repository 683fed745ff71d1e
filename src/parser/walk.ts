// Verb: over the tree: every node in the order of the text, and those around an offset.
import type { Arg, Block, File, Item, Name, SweepEntry, Value } from './ast.ts';

export type AstNode = File | Block | Item | SweepEntry | Arg | Name | Value;

type NodeOf<K extends AstNode['kind'], N = AstNode> = N extends { readonly kind: infer M }
  ? K extends M
    ? N
    : never
  : never;
type Held = AstNode | null;

const part = ({ word, name, block }: NodeOf<'data'>): readonly Held[] => [word, name, block];
const leaf = (): readonly Held[] => [];

/** What each kind of node holds, in the order of the text. */
const held: { readonly [K in AstNode['kind']]: (node: NodeOf<K>) => readonly Held[] } = {
  file: ({ items }) => items,
  block: ({ items }) => items,
  data: part,
  augment: part,
  head: part,
  schedule: part,
  backbone: ({ word, name, alias, block }) => [word, name, alias, block],
  freeze: ({ word, sentence, block }) => [word, ...sentence, block],
  stage: ({ word, name, block }) => [word, name, block],
  run: ({ word, name, continues, block }) => [word, name, continues, block],
  let: ({ word, name, value }) => [word, name, value],
  param: ({ word, name, value, allowed }) => [word, name, value, allowed],
  import: ({ word, path }) => [word, path],
  sweep: ({ word, entries }) => [word, ...entries],
  sweep_entry: ({ name, values }) => [name, values],
  // Arguments stand before the values (those of a call) or behind them (the trailing ones).
  statement: ({ word, values, args, block }) => [word, ...inOrder([...values, ...args]), block],
  branch: ({ block }) => [block],
  arg: ({ name, value }) => [name, value],
  name: leaf,
  number: leaf,
  dims: leaf,
  text: leaf,
  word: leaf,
  pattern: leaf,
  call: ({ word, args }) => [word, ...args],
  list: ({ items }) => items,
  range: ({ low, high, step }) => [low, high, step],
  arithmetic: ({ left, right }) => [left, right],
};

const inOrder = <N extends AstNode>(nodes: readonly N[]): readonly N[] =>
  [...nodes].sort((a, b) => a.span.start - b.span.start);

/** The nodes right below a node, in the order of the text. */
export const childrenOf = <K extends AstNode['kind']>(node: NodeOf<K>): readonly AstNode[] => {
  const rule: (of: NodeOf<K>) => readonly Held[] = held[node.kind as K];
  return rule(node).filter((child) => child !== null);
};

/** The node and all below it, each before what it holds, in the order of the text. */
export function* walk(root: AstNode): Generator<AstNode> {
  // No recursion: a sum of many numbers is as deep as it is long.
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    for (const child of [...childrenOf(node)].reverse()) waiting.push(child);
  }
}

/**
 * The nodes around an offset (UTF-16), the outermost first; the last is the innermost. An offset between two nodes that touch
 * belongs to the one that begins there; one right behind a node, as a caret at the end of a word, to that node.
 */
export const nodesAt = (root: AstNode, offset: number): readonly AstNode[] => {
  const path: AstNode[] = [];
  for (let node: AstNode | undefined = root; node !== undefined; node = childAt(node, offset)) path.push(node);
  return path;
};

const childAt = (node: AstNode, offset: number): AstNode | undefined => {
  const around = childrenOf(node).filter(({ span }) => span.start <= offset && offset <= span.end);
  return around.find(({ span }) => offset < span.end) ?? around.at(-1);
};
