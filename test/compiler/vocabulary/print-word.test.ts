// The one printer of a word's documentation: what stands in its row is said, in a terminal and in Markdown.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { augmentations } from '../../../src/compiler/vocabulary/augment.ts';
import { layers } from '../../../src/compiler/vocabulary/layers.ts';
import { wordMarkdown, wordText } from '../../../src/compiler/vocabulary/print-word.ts';
import { stageSettings } from '../../../src/compiler/vocabulary/schedule.ts';
import { wordDoc } from '../../../src/compiler/vocabulary/word-doc.ts';

const test = suite('print word');

test('as lines', () => {
  assert.is(
    wordText('dropout', layers.dropout),
    `  dropout
      Sets random inputs to zero while training, and scales the others up.
      rate  a share of at least 0% and below 100% (required). Share that is set to zero while training.
      name  a text in quotes, or \`none\` (none). Name in the model; derived from the kind and position when left out.
`,
  );
});

test('as Markdown, with links to tables that have a section', () => {
  const markdown = wordMarkdown(wordDoc('activation', layers.activation), 'layers', new Map());
  assert.match(markdown, 'Written `activation` *activation*, or with names in parentheses');
  assert.match(markdown, '`relu` (max(x, 0))');
  const { words } = layers.activation.params.activation.type as { readonly words: object };
  const linked = wordMarkdown(
    wordDoc('activation', layers.activation),
    'layers',
    new Map([[words, '[activation](#activations)']]),
  );
  assert.match(linked, '| `activation` | an [activation](#activations) | required | The function. |');
  assert.match(linked, '```tlp layers\nactivation gelu\n```');
});

test('what holds without a setting, and that one parameter must be written', () => {
  assert.match(wordMarkdown(wordDoc('epochs', stageSettings.epochs), 'schedule'), 'Without it: `10`.');
  assert.not.match(wordMarkdown(wordDoc('ema', stageSettings.ema), 'schedule'), 'Without it');
  assert.match(
    wordMarkdown(wordDoc('shift', augmentations.shift), 'augment'),
    'At least one parameter must be written.',
  );
});

test.run();
