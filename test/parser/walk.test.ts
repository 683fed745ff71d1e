// Over the tree: every node of the pipelines once and in order, within its parent; and the nodes around an offset.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { type AstNode, childrenOf, nodesAt, walk } from '../../src/parser/walk.ts';

const test = suite('walk');

const treeOf = (text: string) => parse(sourceOf('a.tlp', text)).file;

/** Every object with a kind and a span, however it is reached; the brace that stands for a branch's word is none. */
const nodesIn = (value: unknown): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesIn);
  const brace = 'text' in value && value.text === '{';
  return 'kind' in value && 'span' in value && !brace ? [value, ...below] : below;
};

const everyForm = `import "common.tlp"
param lr = 1e-3 in 1e-5..1e-1
let n = (2 + 3) * 4
backbone vgg16 "b" { weights file("a.h5") }
freeze backbone except block5_*
head mlp { flatten; dense n relu (name: "x"); add { {} { conv 8 3x3 } } }
run "a" continues "b" { head mlp; epochs [1, 2] }
sweep { lr in 1e-5..1e-3 step 1e-5 }
`;

test('every node is met once, a parent before its children, each within it, in the order of the text', () => {
  const texts = readdirSync('pipelines')
    .filter((file) => file.endsWith('.tlp'))
    .map((file) => readFileSync(`pipelines/${file}`, 'utf8'));
  for (const text of [...texts, everyForm]) {
    const file = treeOf(text);
    const met = [...walk(file)];
    assert.is(new Set(met).size, met.length);
    const all = new Set(nodesIn(file));
    assert.ok(met.every((node) => all.has(node)));
    assert.is(met.length, all.size);
    for (const node of met) {
      const children = childrenOf(node);
      for (const [i, child] of children.entries()) {
        assert.ok(met.indexOf(node) < met.indexOf(child));
        assert.ok(node.span.start <= child.span.start && child.span.end <= node.span.end, `${node.kind} ${child.kind}`);
        const before = children[i - 1];
        assert.ok(before === undefined || before.span.end <= child.span.start, `${node.kind} ${child.kind}`);
      }
    }
  }
});

test('around an offset: from the file to the innermost node', () => {
  const file = treeOf(everyForm);
  const kindsAt = (text: string, more = 0): readonly AstNode['kind'][] =>
    nodesAt(file, everyForm.indexOf(text) + more).map(({ kind }) => kind);
  assert.equal(kindsAt('relu'), ['file', 'head', 'block', 'statement', 'word']);
  // A caret right behind a word is still at it.
  assert.equal(kindsAt('relu', 4), ['file', 'head', 'block', 'statement', 'word']);
  assert.equal(kindsAt('name: "x"'), ['file', 'head', 'block', 'statement', 'arg', 'name']);
  assert.equal(kindsAt('"x"', 1), ['file', 'head', 'block', 'statement', 'arg', 'text']);
  assert.equal(kindsAt('3x3'), ['file', 'head', 'block', 'statement', 'block', 'branch', 'block', 'statement', 'dims']);
  assert.equal(kindsAt('lr in', 1), ['file', 'sweep', 'sweep_entry', 'name']);
  assert.equal(nodesAt(file, everyForm.length + 9), [file]);
});

test('a sum of very many numbers is walked like any other', () => {
  const file = treeOf(`let a = ${'1 + '.repeat(20_000)}1`);
  assert.is([...walk(file)].filter(({ kind }) => kind === 'number').length, 20_001);
  assert.is(nodesAt(file, 8).at(-1)?.kind, 'number');
});

test.run();
