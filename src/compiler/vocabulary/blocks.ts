// Table: which words each block holds, with one line each. The words of a block are found nowhere else.
import { augmentations, augmentSettings } from './augment.ts';
import { backboneSettings, ownBackboneSettings } from './backbones.ts';
import { dataSettings, validationDoc, validationExample } from './data.ts';
import { layerSugar, layers } from './layers.ts';
import { rateSettings, seed, stageSettings } from './schedule.ts';
import type { Word, Words } from './word.ts';

export type BlockName =
  | 'file'
  | 'data'
  | 'augment'
  | 'backbone'
  | 'freeze'
  | 'head'
  | 'network'
  | 'schedule'
  | 'stage'
  | 'run'
  | 'branches';

/** A word with a production of its own. */
const own = (doc: string, example?: string): Word => ({
  doc,
  params: {},
  positional: [],
  ...(example === undefined ? {} : { example }),
});

const construct = {
  data: own('Images and labels: source, size, normalization, validation.'),
  augment: own('Random changes of training images.'),
  backbone: own('A known network, or one of your own layers.'),
  freeze: own('Which layers keep their weights.'),
  head: own('Layers on top of the backbone; the softmax layer follows from the classes.'),
  schedule: own('How training goes.'),
  stage: own('A phase of a schedule, with its own freeze policy, epochs and optimizer.'),
  run: own('One training; without any, the file is one run.'),
  let: own('Names a value: `let lr = 1e-3`.'),
  param: own('A value that `--set` can change: `param lr = 1e-3 in 1e-6..1e-1`.'),
  import: own('Takes the parts of another file: `import "common.tlp"`.'),
  sweep: own('Runs once for each combination of values of params.'),
} satisfies Words;

export type ConstructName = keyof typeof construct;
export const constructs: Readonly<Record<ConstructName, Word>> = construct;

const network: Words = { ...layers, ...layerSugar };
const training: Words = { ...stageSettings, ...rateSettings };
const { data, augment, backbone, freeze, head, schedule, stage } = construct;

export const blocks: Readonly<Record<BlockName, Words>> = {
  file: { ...construct, seed, rules: own('What warnings count: `rules { unused_part off }`, `error` or `warning`.') },
  data: { ...dataSettings, validation: own(validationDoc, validationExample) },
  augment: { ...augmentations, ...augmentSettings },
  backbone: { ...backboneSettings },
  freeze: {
    batch_norm: own(
      'Batch norm of layers that are not frozen: `train`, `adapt` or `inference`.',
      'batch_norm inference',
    ),
  },
  head: network,
  network: { ...network, ...ownBackboneSettings },
  schedule: { stage, freeze, ...training },
  stage: { freeze, ...training },
  run: { data, augment, backbone, freeze, head, schedule, seed, ...backboneSettings, ...training },
  branches: {},
};

/** How a block is called in messages. */
export const blockTitle: Readonly<Record<BlockName, string>> = {
  file: 'the file itself',
  data: 'a data block',
  augment: 'an augment block',
  backbone: 'a known backbone',
  freeze: 'a freeze block',
  head: 'a head',
  network: 'a backbone of your own',
  schedule: 'a schedule',
  stage: 'a stage',
  run: 'a run',
  branches: '`add`, `concatenate` and `multiply`',
};

/** The blocks that hold a word. */
export const placesOf = (word: string): readonly BlockName[] =>
  (Object.keys(blocks) as readonly BlockName[]).filter((block) => Object.hasOwn(blocks[block], word));
