// Every word has an example, and the checker has nothing to say about it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { type BlockName, blocks } from '../../../src/compiler/vocabulary/blocks.ts';
import * as examples from '../../../src/compiler/vocabulary/examples.ts';
import { optimizers } from '../../../src/compiler/vocabulary/schedule.ts';
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

const tables: readonly (readonly [string, Readonly<Record<string, string>>, readonly BlockName[]])[] = [
  ['file', examples.fileExamples, ['file']],
  ['data', examples.dataExamples, ['data']],
  ['backbone', examples.backboneExamples, ['backbone']],
  ['freeze', examples.freezeExamples, ['freeze']],
  ['augment', examples.augmentExamples, ['augment']],
  ['layers', examples.layerExamples, ['network', 'head']],
  ['schedule', examples.stageExamples, ['schedule', 'stage', 'run']],
];

for (const [place, table] of tables) {
  for (const [word, text] of Object.entries(table)) {
    test(`${place}: ${word}`, () => {
      accept(place, text);
      assert.match(text, new RegExp(`\\b${word}\\b`), 'the example is about its word');
    });
  }
}

test('every word of every block has an example', () => {
  const parts = new Set(Object.keys(examples.fileExamples));
  for (const [block, words] of Object.entries(blocks)) {
    const own = tables.filter(([, , places]) => places.some((name) => name === block)).map(([, table]) => table);
    for (const word of Object.keys(words)) {
      assert.ok(parts.has(word) || own.some((table) => Object.hasOwn(table, word)), `${word} of ${block}`);
    }
  }
});

test('values', () => {
  const { sources, weights, learningRates, optimizers: own, initializers, regularizers } = examples.valueExamples;
  for (const text of Object.values(sources)) accept('data', text);
  for (const text of Object.values(weights)) accept('backbone', text);
  for (const text of [...Object.values(learningRates), ...Object.values(own)]) accept('schedule', text);
  for (const text of [...Object.values(initializers), ...Object.values(regularizers)]) accept('head', text);
  for (const name of Object.keys(optimizers)) accept('schedule', `optimizer ${name}`);
});

test.run();
