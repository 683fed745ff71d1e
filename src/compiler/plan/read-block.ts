// Verb: the statements of a block, each word known and said once.
import type { Block, Item, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { type AstNode, childrenOf, walk } from '../../parser/walk.ts';
import { correction, removal } from '../findings/correction.ts';
import { duplicateStatement, misplacedWord, unknownWord } from '../findings/words.ts';
import { nearest, wordList } from '../leaf/nearest.ts';
import { type BlockName, blocks, blockTitle, placesOf } from '../vocabulary/blocks.ts';
import { report, type Scope } from './scope.ts';

/** Says that an item does not belong in a block. */
export const refuse = (scope: Scope, item: Item, block: BlockName): void => {
  if (item.broken) return;
  if (item.kind === 'branch') {
    report(
      scope,
      finding(misplacedWord, item.word.span, `A bare block cannot stand in ${blockTitle[block]}.`, {
        help: 'Blocks of their own are branches, inside of `add { … }`, `concatenate { … }` or `multiply { … }`.',
      }),
    );
    return;
  }
  const { text, span } = item.word;
  const places = placesOf(text).filter((place) => place !== block);
  const near = nearest(text, Object.keys(blocks[block]));
  if (places.length > 0) {
    report(
      scope,
      finding(misplacedWord, span, `\`${text}\` cannot stand in ${blockTitle[block]}.`, {
        help: `It belongs in ${listed(places.map((place) => blockTitle[place]))}.`,
      }),
    );
    return;
  }
  const elsewhere = near === null ? nearest(text, allWords) : null;
  report(
    scope,
    finding(unknownWord, span, `\`${text}\` is no word of ${blockTitle[block]}.`, {
      help:
        near !== null
          ? `Did you mean \`${near}\`?`
          : elsewhere !== null
            ? `Did you mean \`${elsewhere}\`? It belongs in ${listed(placesOf(elsewhere).map((place) => blockTitle[place]))}.`
            : `Its words are ${wordList(Object.keys(blocks[block]), 24)}.`,
      ...correction(span, text, Object.keys(blocks[block])),
    }),
  );
};

const allWords: readonly string[] = [...new Set(Object.values(blocks).flatMap((words) => Object.keys(words)))];

const listed = (titles: readonly string[]): string =>
  titles.length < 2 ? titles.join('') : `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;

/** The statements of a block that holds settings; unknown and doubled ones are reported. */
export const settingsOf = (
  scope: Scope,
  block: Block | null,
  name: BlockName,
  also: (item: Item) => boolean = () => false,
): readonly Statement[] => {
  const seen = new Map<string, Statement>();
  for (const item of block?.items ?? []) {
    if (also(item)) continue;
    if (item.kind !== 'statement' || !Object.hasOwn(blocks[name], item.word.text)) {
      refuse(scope, item, name);
      continue;
    }
    const first = seen.get(item.word.text);
    if (first === undefined) seen.set(item.word.text, item);
    else if (!item.broken) doubled(scope, item, first);
  }
  return [...seen.values()].filter((statement) => !statement.broken);
};

export const doubled = (scope: Scope, item: Item, first: Item): void => {
  report(
    scope,
    finding(duplicateStatement, item.word.span, `\`${item.word.text}\` is said twice in this block.`, {
      help: 'Remove one of the two.',
      related: [{ span: first.word.span, message: 'first said here' }],
      ...removal(item.span, sameStatement(item, first), 'Remove the second one'),
    }),
  );
};

/** Whether both say the same, so that it does not matter which one goes. */
const sameStatement = (a: Item, b: Item): boolean => {
  const [left, right] = [walk(a), walk(b)];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done || other.done) return one.done === other.done;
    if (ownFields(one.value) !== ownFields(other.value)) return false;
  }
};

/** What a node says for itself, without the nodes below it and its place. */
const ownFields = (node: AstNode): string => {
  const nodes: ReadonlySet<unknown> = new Set(childrenOf(node));
  const own = Object.entries(node).filter(
    ([key, value]) =>
      key !== 'span' && !nodes.has(value) && !(Array.isArray(value) && value.some((one) => nodes.has(one))),
  );
  return JSON.stringify(own);
};

/** Whether a block holds a damaged statement, so that nothing should be said about what it lacks. */
export const hasDamage = (block: Block | null): boolean =>
  block?.items.some((item) => item.broken || ('block' in item && hasDamage(item.block))) ?? false;
