// Every word has an example, and the checker has nothing to say about it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { weightSources } from '../../../src/compiler/vocabulary/backbones.ts';
import { type BlockName, blocks } from '../../../src/compiler/vocabulary/blocks.ts';
import { sources } from '../../../src/compiler/vocabulary/data.ts';
import { fileExamples } from '../../../src/compiler/vocabulary/examples.ts';
import { initializers, regularizers } from '../../../src/compiler/vocabulary/layers.ts';
import { learningRates, optimizers } from '../../../src/compiler/vocabulary/schedule.ts';
import type { Words } from '../../../src/compiler/vocabulary/word.ts';
import { renderDiagnostics } from '../../../src/parser/render-diagnostic.ts';
import { sourceOf } from '../../../src/parser/source.ts';
import { fileAround } from '../../support/snippet.ts';

const test = suite('examples');

const common = 'data { source digits; validation 15% of train }\nbackbone cnn { conv 16 3x3 relu }\n';
const accept = (place: string, text: string): void => {
  const { diagnostics, sources } = checkText(fileAround(place, text), 'example.tlp', {
    readImport: (path) => sourceOf(path, common),
  });
  assert.equal(
    diagnostics.map((d) => d.code),
    [],
    renderDiagnostics(diagnostics, sources, { color: false }),
  );
};

/** Blocks, and the place in a file where the examples of their words stand. */
const places: readonly (readonly [BlockName, string])[] = [
  ['data', 'data'],
  ['backbone', 'backbone'],
  ['freeze', 'freeze'],
  ['augment', 'augment'],
  ['network', 'layers'],
  ['schedule', 'schedule'],
];

for (const [word, text] of Object.entries(fileExamples)) test(`file: ${word}`, () => accept('file', text));

const shown = new Set(Object.keys(fileExamples));
for (const [block, place] of places) {
  for (const [word, { example }] of Object.entries(blocks[block])) {
    if (example === undefined || word === 'seed') continue;
    shown.add(word);
    test(`${place}: ${word}`, () => {
      accept(place, example);
      assert.match(example, new RegExp(`\\b${word}\\b`), 'the example is about its word');
    });
  }
}

test('every word of every block has an example', () => {
  const words = new Set(Object.values(blocks).flatMap(Object.keys));
  assert.equal(
    [...words].filter((word) => !shown.has(word)),
    [],
  );
});

/** Tables of words that are values, and where their examples stand. */
const values: readonly (readonly [Words, string])[] = [
  [sources, 'data'],
  [weightSources, 'backbone'],
  [learningRates, 'schedule'],
  [optimizers, 'schedule'],
  [initializers, 'head'],
  [regularizers, 'head'],
];

test('values', () => {
  for (const [table, place] of values) {
    const examples = Object.values(table).flatMap(({ example }) => example ?? []);
    assert.ok(examples.length > 0);
    for (const example of examples) accept(place, example);
  }
  for (const name of Object.keys(optimizers)) accept('schedule', `optimizer ${name}`);
});

test.run();
