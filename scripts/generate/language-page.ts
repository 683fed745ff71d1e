// Verb: grammar and vocabulary to docs/language.md, the reference.
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { type BlockName, blocks, constructs } from '../../src/compiler/vocabulary/blocks.ts';
import { normalizations, sources } from '../../src/compiler/vocabulary/data.ts';
import { fileExamples } from '../../src/compiler/vocabulary/examples.ts';
import { activations, initializers, regularizers } from '../../src/compiler/vocabulary/layers.ts';
import { fence, type Links, markdownTable, wordMarkdown } from '../../src/compiler/vocabulary/print-word.ts';
import { learningRates, optimizers } from '../../src/compiler/vocabulary/schedule.ts';
import type { Word, Words } from '../../src/compiler/vocabulary/word.ts';
import { wordDoc } from '../../src/compiler/vocabulary/word-doc.ts';
import { toEbnf } from './ebnf.ts';
import { closing, opening, partProse } from './language-prose.ts';
import type { Grammar } from './syntax.ts';

type PartName = keyof typeof fileExamples;

/** Tables that have a section of their own: the page names it where a value is one of their words. */
const links: Links = new Map<object, string>([
  [activations, '[activation](#activations)'],
  [initializers, '[initializer](#initializers)'],
  [regularizers, '[regularizer](#regularizers)'],
  [optimizers, '[optimizer](#optimizers)'],
  [learningRates, '[learning rate schedule](#learning-rate-schedules)'],
  [sources, '[source](#sources)'],
  [normalizations, '[normalization](#normalizations)'],
  [backbones, '[backbone](#backbones)'],
]);

/** One section for each word of a block that is no part with a section of its own. */
const blockWords = (block: BlockName, place: string): string =>
  Object.entries(blocks[block])
    .filter(([name]) => !Object.hasOwn(fileExamples, name))
    .map(([name, word]) => wordMarkdown(wordDoc(name, word), place, links))
    .join('');

const part = (name: PartName, grammar: Grammar): string => {
  const rule = grammar.rules.find((production) => production.name === name);
  const form = rule === undefined ? '' : `\`\`\`ebnf\n${name} ::= ${toEbnf(rule.syntax, 'choice')}\n\`\`\`\n\n`;
  const doc = blocks.file[name]?.doc ?? constructs.stage.doc;
  return `### ${name}\n\n${doc}\n\n${form}${partProse[name]}\n\n${fence('file', fileExamples[name])}\n`;
};

/** The words of a table that are values: those without parameters in a list, each other with a part of its own. */
const valueSection = (
  title: string,
  text: string,
  words: Words,
  place: string,
  use: (word: string) => string,
): string => {
  const entries = Object.entries(words);
  const isPlain = ([, word]: readonly [string, Word]): boolean => Object.keys(word.params).length === 0;
  const plain = entries.filter(isPlain);
  const others = entries.filter((entry) => !isPlain(entry));
  const list = markdownTable(
    ['word', ''],
    plain.map(([name, word]) => [`\`${name}\``, word.doc]),
  );
  const example = plain[0] === undefined ? '' : fence(place, use(plain[0][0]));
  const parts = others.map(([name, word]) =>
    wordMarkdown({ ...wordDoc(name, word), example: word.example ?? use(name) }, place, links),
  );
  return `### ${title}\n\n${text}\n\n${plain.length === 0 ? '' : `${list}\n${example}\n`}${parts.join('')}`;
};

const listSection = (title: string, text: string, words: Readonly<Record<string, string>>, example: string): string =>
  `### ${title}\n\n${text}\n\n${markdownTable(
    ['word', ''],
    Object.entries(words).map(([word, doc]) => [`\`${word}\``, doc]),
  )}\n${example}\n`;

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

const backboneSection = (): string =>
  `### backbones\n\nFigures of Keras Applications, without the top layers. \`size\` is what the ImageNet weights were trained on, and \`normalize\`
what they expect of the data, which is also the default.\n\n${markdownTable(
    ['backbone', 'size', 'at least', 'normalize', 'parameters', ''],
    Object.entries(backbones).map(([name, facts]) => [
      `\`${name}\``,
      `${facts.size}x${facts.size}`,
      `${facts.minimum}x${facts.minimum}`,
      `\`${facts.normalize}\``,
      thousands(facts.parameters),
      facts.doc,
    ]),
  )}\n`;

export const languagePage = (grammar: Grammar): string => {
  return [
    opening,
    '## Parts of a file\n\n',
    part('data', grammar),
    blockWords('data', 'data'),
    part('augment', grammar),
    blockWords('augment', 'augment'),
    part('backbone', grammar),
    blockWords('backbone', 'backbone'),
    part('freeze', grammar),
    blockWords('freeze', 'freeze'),
    part('head', grammar),
    part('schedule', grammar),
    blockWords('schedule', 'schedule'),
    ...(['stage', 'run', 'let', 'param', 'import', 'sweep', 'seed', 'rules'] as const).map((name) =>
      part(name, grammar),
    ),
    '## Layers\n\nThey stand in a head and in a backbone of your own. Names and defaults are those of Keras.\n\n',
    blockWords('network', 'layers'),
    '## Values\n\n',
    valueSection('sources', 'What `source` takes.', sources, 'data', (word) => `source ${word}`),
    backboneSection(),
    listSection('normalizations', 'What `normalize` takes.', normalizations, fence('data', 'normalize torch')),
    valueSection(
      'optimizers',
      'Defaults are those of Keras.',
      optimizers,

      'schedule',
      (word) => `optimizer ${word}`,
    ),
    valueSection(
      'learning rate schedules',
      'What `learning_rate` takes. They act on the learning rate of the optimizer.',
      learningRates,

      'schedule',
      (word) => `learning_rate ${word}`,
    ),
    listSection('activations', 'Of one value x.', activations, fence('head', 'dense 64 leaky_relu')),
    valueSection(
      'initializers',
      'First values of weights.',
      initializers,

      'head',
      (word) => `dense 64 (kernel_initializer: ${word})`,
    ),
    valueSection(
      'regularizers',
      'Penalties on weights.',
      regularizers,

      'head',
      (word) => `dense 64 (kernel_regularizer: ${word})`,
    ),
    closing,
  ].join('');
};
