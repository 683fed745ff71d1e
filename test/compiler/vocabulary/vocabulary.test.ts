// The tables: complete, documented, and forgiving of slips.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { editDistance } from '../../../src/compiler/leaf/edit-distance.ts';
import { nearest, suggestion } from '../../../src/compiler/leaf/nearest.ts';
import { backbones } from '../../../src/compiler/vocabulary/backbones.ts';
import { type BlockName, blocks, placesOf } from '../../../src/compiler/vocabulary/blocks.ts';
import { describeType, showValue } from '../../../src/compiler/vocabulary/describe.ts';
import type { ValueType, Words } from '../../../src/compiler/vocabulary/word.ts';

const test = suite('vocabulary');

const visitWords = (words: Words, path: string, visit: (path: string, words: Words) => void): void => {
  visit(path, words);
  for (const [name, word] of Object.entries(words)) {
    for (const [key, param] of Object.entries(word.params)) visitType(param.type, `${path}/${name}.${key}`, visit);
  }
};
const visitType = (type: ValueType, path: string, visit: (path: string, words: Words) => void): void => {
  if (type.kind === 'call') visitWords(type.words, path, visit);
  if (type.kind === 'optional') visitType(type.type, path, visit);
  if (type.kind === 'either') for (const each of type.types) visitType(each, path, visit);
};

test('every word and parameter is snake_case and has one line of documentation', () => {
  for (const block of Object.keys(blocks) as BlockName[]) {
    visitWords(blocks[block], block, (path, words) => {
      for (const [name, word] of Object.entries(words)) {
        const where = `${path}/${name}`;
        assert.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, where);
        assert.match(word.doc, /^\S[^\n]{2,200}[.`]$/, where);
        for (const [key, param] of Object.entries(word.params)) {
          assert.match(key, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, where);
          assert.match(param.doc, /^\S[^\n]{2,200}\.$/, `${where}.${key}`);
          assert.ok(describeType(param.type).length > 3);
          if (param.default.kind === 'value')
            assert.type(showValue(param.type, param.default.value as never), 'string');
        }
        for (const slot of word.positional.flat()) assert.ok(slot in word.params, `${where}: ${slot}`);
      }
    });
  }
});

test('single slips in words are put right', () => {
  const letters = 'aeq_1';
  for (const block of Object.keys(blocks) as BlockName[]) {
    const words = Object.keys(blocks[block]);
    for (const word of words) {
      if (word.length < 3) continue;
      const slips = new Set<string>();
      for (let i = 0; i < word.length; i++) {
        slips.add(word.slice(0, i) + word.slice(i + 1));
        if (i + 1 < word.length) slips.add(word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2));
        for (const letter of letters) {
          slips.add(word.slice(0, i) + letter + word.slice(i + 1));
          slips.add(word.slice(0, i) + letter + word.slice(i));
        }
      }
      for (const slip of slips) {
        if (words.includes(slip)) continue;
        const found = nearest(slip, words);
        assert.ok(found !== null, `${block}: nothing for ${slip}`);
        assert.ok(found === word || editDistance(slip, found) <= 1, `${block}: ${slip} became ${found}, not ${word}`);
      }
    }
  }
});

test('unrelated words are not put right; names of other tools are', () => {
  const words = Object.keys(blocks.head);
  for (const word of ['banana', 'transformer', 'x', 'zzzz', 'embedding', 'attention'])
    assert.is(nearest(word, words), null);
  assert.is(nearest('Conv2D', words), 'conv');
  assert.is(nearest('MaxPooling2D', words), 'max_pool');
  assert.is(nearest('GlobalAveragePooling2D', words), 'global_average_pooling');
  assert.is(nearest('BatchNormalization', words), 'batch_normalization');
  assert.is(suggestion('denze', words, 'words'), 'Did you mean `dense`?');
});

test('words of several blocks know their places', () => {
  assert.equal(placesOf('epochs'), ['schedule', 'stage', 'run']);
  assert.equal(placesOf('dense'), ['head', 'network']);
  assert.equal(placesOf('nothing'), []);
});

test('every backbone is planned with its own defaults', () => {
  for (const [name, facts] of Object.entries(backbones)) {
    const { plan, diagnostics } = checkText(
      `data { source folder("a") }\nbackbone ${name}\nfreeze backbone\nhead { global_average_pooling }`,
      'x.tlp',
    );
    assert.ok(plan !== null, `${name}: ${diagnostics.map((d) => d.message)}`);
    assert.equal(plan.runs[0]!.data.image, { height: facts.size, width: facts.size, channels: 3 });
    assert.is(plan.runs[0]!.data.normalize.kind, facts.normalize);
  }
});

test.run();
