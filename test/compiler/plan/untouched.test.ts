// A mistake stays where it is: whatever happens to a token, the other blocks keep their trees and their findings.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as t from '../../../grammar/tokens.ts';
import { checkText } from '../../../src/compiler/check.ts';
import { lex } from '../../../src/parser/lex.ts';
import { parse } from '../../../src/parser/parse.ts';
import { sourceOf } from '../../../src/parser/source.ts';
import { itemsOf } from '../../support/same-tree.ts';

const test = suite('untouched blocks');

interface Mutation {
  readonly text: string;
  readonly what: string;
  /** Number of the item at the top of the file that holds the token. */
  readonly item: number;
  readonly bracket: boolean;
  /** Where the change begins, and by how much what follows it moves. */
  readonly at: number;
  readonly shift: number;
}

/** Every token of a text deleted, doubled, swapped with the next of its block. */
const mutationsOf = (text: string): readonly Mutation[] => {
  const source = sourceOf('a', text);
  const { items } = parse(source).file;
  const tokens = lex(source).tokens.filter((token) => token.image !== '');
  return tokens.flatMap((token, i): readonly Mutation[] => {
    const [start, end] = [token.startOffset, token.startOffset + token.image.length];
    const item = items.findIndex(({ span }) => span.start <= start && end <= span.end);
    if (item < 0) return [];
    const bracket = token.tokenType === t.BlockOpen || token.tokenType === t.BlockClose;
    const made = (what: string, changed: string): Mutation => ({
      text: changed,
      what: `${token.image} at ${start} ${what}`,
      item,
      bracket,
      at: start,
      shift: changed.length - text.length,
    });
    const next = tokens[i + 1];
    const nextEnd = next === undefined ? text.length + 1 : next.startOffset + next.image.length;
    const swapped =
      next === undefined || nextEnd > items[item]!.span.end
        ? []
        : [
            made(
              'swapped',
              text.slice(0, start) + next.image + text.slice(end, next.startOffset) + token.image + text.slice(nextEnd),
            ),
          ];
    return [
      made('deleted', text.slice(0, start) + text.slice(end)),
      made('doubled', text.slice(0, end) + token.image + text.slice(end)),
      ...swapped,
    ];
  });
};

const folder = new URL('../../../pipelines/', import.meta.url);
const pipelines = readdirSync(folder).filter((name) => name.endsWith('.tlp') && !name.includes('-clean'));

for (const name of pipelines) {
  test(`${name}: the trees of other blocks stay`, () => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const before = itemsOf(text).map((item) => JSON.stringify(item));
    for (const { text: changed, what, item, bracket } of mutationsOf(text)) {
      const after = new Set(itemsOf(changed).map((each) => JSON.stringify(each)));
      const lost = before.filter((each, i) => i !== item && !after.has(each));
      // A block whose end is gone may take in the statement behind it: nobody can tell that it was not meant.
      assert.ok(lost.length <= (bracket ? 1 : 0), `${name}: ${what} changes ${lost.join('\n')}`);
    }
  });
}

/** A mistake in each block, of a kind of its own. */
const mistaken = `data {
  source cifar10
  size 64x
  normalise unit
}

augment {
  flip diagonal
  rotate 20%
}

backbone cnn {
  conv 32 3x3 rellu
  max_pool 2x2 (strid: 2)
}

head {
  flatten
  dense 64 relu 5 6
  dropout 150%
}

schedule {
  batch 0
  optimizer adm(lr: 1e-3)
  early_stopping(patience: 3deg)
}

freeze everything
let n = 20deg + 5%

run "a" { epochs -1; epochs 2 }
`;

/** About names that other blocks give, or about blocks that are there or not: these change with what they speak of. */
const ACROSS = new Set(['unknown-name', 'unknown-backbone', 'ambiguous-part', 'duplicate-name', 'misplaced-word']);

const findingsOf = (text: string) =>
  checkText(text, 'a.tlp').diagnostics.filter(({ code, name }) => code < 'TLP2' && !ACROSS.has(name));

test('findings of other blocks stay: their words, their places', () => {
  const items = parse(sourceOf('a', mistaken)).file.items;
  const before = findingsOf(mistaken);
  assert.ok(before.length >= 14, before.map(({ message }) => message).join('\n'));
  const blocks = new Set(
    before.map(({ span }) => items.findIndex((i) => i.span.start <= span.start && span.end <= i.span.end)),
  );
  assert.is(blocks.size, items.length, 'a block has no mistake');
  for (const { text, what, item, bracket, at, shift } of mutationsOf(mistaken)) {
    if (bracket) continue;
    const { span } = items[item]!;
    const outside = (start: number, moved: number) => start < span.start || start >= span.end + moved;
    const key = (d: (typeof before)[number], moved: number) =>
      `${d.span.start + moved}-${d.span.end + moved} ${d.code} ${d.message}`;
    const expected = before.filter((d) => outside(d.span.start, 0)).map((d) => key(d, d.span.start > at ? shift : 0));
    const actual = findingsOf(text)
      .filter((d) => outside(d.span.start, shift))
      .map((d) => key(d, 0));
    assert.equal(actual, expected, `${what}\n${text}`);
  }
});

test('in a file without mistakes, none appear in other blocks', () => {
  for (const name of ['quickstart.tlp', 'vgg16-cifar10.tlp']) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const items = parse(sourceOf('a', text)).file.items;
    for (const { text: changed, what, item, bracket, shift } of mutationsOf(text)) {
      if (bracket) continue;
      const { start, end } = items[item]!.span;
      const elsewhere = findingsOf(changed).filter(({ span }) => span.start < start || span.start > end + shift);
      assert.equal(
        elsewhere.map(({ message }) => message),
        [],
        `${name}: ${what}`,
      );
    }
  }
});

test.run();
