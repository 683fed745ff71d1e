// Every word of the vocabulary trains for a few steps and changes what is trained, or is refused with "not run yet".
// Nothing is silently ignored. Needs `npm run build`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { notRunYet, trainablePlan } from '../../src/compiler/plan/trainable.ts';
import { augmentations } from '../../src/compiler/vocabulary/augment.ts';
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { dataSettings, normalizations, sources } from '../../src/compiler/vocabulary/data.ts';
import { activations, initializers, layerSugar, layers, regularizers } from '../../src/compiler/vocabulary/layers.ts';
import {
  learningRates,
  monitors,
  optimizers,
  rateSettings,
  stageSettings,
} from '../../src/compiler/vocabulary/schedule.ts';
import type { Words } from '../../src/compiler/vocabulary/word.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { readyPlan } from '../support/trainable.ts';

const test = suite('words that train');

let out = '';
test.before(() => {
  out = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after(() => rmSync(out, { recursive: true, force: true }));

interface Lines {
  readonly data?: string;
  readonly augment?: string;
  readonly backbone?: string;
  readonly freeze?: string;
  readonly head?: string;
  readonly schedule?: string;
}

const NETWORK = '{ conv 4 3x3 relu (stride: 2); batch_normalization }';
const TRAINED = 'backbone mobilenetv2 { weights none }';

/** Large and in colour, but slower to draw. */
const COLOUR = 'source shapes(classes: 2, train: 16, test: 2)';

/** Four steps of a small network. */
const file = (lines: Lines): string => {
  const data = lines.data?.includes('source ') ? '' : 'source digits; limit 16 (test: 4); channels 3';
  return [
    `data { ${data}; ${lines.data?.includes('size ') ? '' : 'size 16x16'}; ${lines.data ?? 'validation none'} }`,
    ...(lines.augment === undefined ? [] : [`augment { ${lines.augment} }`]),
    lines.backbone ?? `backbone cnn ${NETWORK}`,
    `freeze ${lines.freeze ?? 'none'}`,
    `head { ${lines.head ?? 'flatten; dense 8 relu'} }`,
    `schedule { batch 8; ${lines.schedule?.includes('epochs ') ? '' : 'epochs 2'}; ${lines.schedule ?? ''} }`,
    '',
  ].join('\n');
};

/** Bytes of the weights after training. Throws what training throws. */
const train = async (text: string): Promise<Buffer> => {
  const { plan, diagnostics, sources: texts } = checkText(text, 'words.tlp');
  if (plan === null) throw new Error(`${text}\n${renderDiagnostics(diagnostics, texts, { color: false })}`);
  const [result] = await trainPlan({
    plan: readyPlan(plan),
    out,
    text,
    version: '0.0.0',
    engines: [onnxEngine],
    device: 'cpu',
    listeners: [],
    signal: new AbortController().signal,
  });
  assert.ok(result!.status === 'done' || result!.status === 'early_stopped', text);
  return readFileSync(join(result!.folder, 'model', 'weights.bin'));
};

/** What training says: nothing, or why the word cannot be trained yet or here. */
const outcome = async (text: string): Promise<'trains' | 'not run yet' | 'data missing'> => {
  const { plan } = checkText(text, 'words.tlp');
  if (plan !== null && trainablePlan(plan).missing.length > 0) return 'not run yet';
  try {
    await train(text);
    return 'trains';
  } catch (error) {
    if (error instanceof DataError) return 'data missing';
    throw error;
  }
};

const words = (table: object): readonly string[] => Object.keys(table);
const exampleOf = (table: Words, word: string): string => table[word]?.example ?? word;

/** What many words are compared with is trained once. */
const trained = new Map<string, Promise<Buffer>>();
const trainOnce = (text: string): Promise<Buffer> => {
  const known = trained.get(text) ?? train(text);
  trained.set(text, known);
  return known;
};

/** The word trains, and the weights are others than without it. */
const changes = (name: string, lines: Lines, without: Lines = {}): void => {
  test(`${name} changes the weights`, async () => {
    assert.not.ok((await train(file(lines))).equals(await trainOnce(file(without))), 'the same bytes as without it');
  });
};
const trains = (name: string, lines: Lines): void => {
  test(`${name} trains`, async () => assert.is(await outcome(file(lines)), 'trains'));
};
const waits = (name: string, lines: Lines): void => {
  test(`${name} is not run yet`, async () => assert.is(await outcome(file(lines)), 'not run yet'));
};

test('the same file gives the same bytes', async () => {
  assert.ok((await train(file({}))).equals(await train(file({}))));
});

/** Steps that the fused kernel does not hold. */
const later: readonly string[] = ['blur', 'noise', 'erase', 'rand_augment'];
for (const word of words(augmentations)) {
  const augment = exampleOf(augmentations, word);
  if (later.includes(word)) waits(`augment ${word}`, { augment });
  else if (word === 'hue' || word === 'saturation') {
    changes(`augment ${word}`, { augment, data: `${COLOUR}; validation none` }, { data: `${COLOUR}; validation none` });
  } else changes(`augment ${word}`, { augment });
}

for (const word of [...words(layers), ...words(layerSugar)]) {
  const example = exampleOf({ ...layers, ...layerSugar }, word).replaceAll('\n', ' ; ');
  const compact = example.replaceAll(/\{ *;/g, '{').replaceAll(/; *\}/g, '}');
  const flat = /^flatten/.test(compact) ? 'activation linear' : 'flatten';
  trains(`layer ${word}`, { backbone: `backbone cnn { ${compact} }`, head: flat });
}
test('every activation trains', async () => {
  const chain = words(activations).map((word) => `dense 4 ${word}`);
  assert.is(await outcome(file({ head: `flatten; ${chain.join('; ')}` })), 'trains');
});
test('every initializer trains', async () => {
  const values: Readonly<Record<string, string>> = { constant: 'constant(0.1)' };
  const chain = words(initializers).map((word) => `dense 4 (kernel_initializer: ${values[word] ?? word})`);
  assert.is(await outcome(file({ head: `flatten; ${chain.join('; ')}` })), 'trains');
});
for (const word of words(regularizers)) {
  changes(`regularizer ${word}`, { head: `flatten; ${exampleOf(regularizers, word)}` }, { head: 'flatten; dense 64' });
}

for (const word of words(optimizers)) {
  const other = word === 'sgd' ? 'adam' : 'sgd';
  changes(
    `optimizer ${word}`,
    { schedule: `optimizer ${word}(lr: 0.01)` },
    { schedule: `optimizer ${other}(lr: 0.01)` },
  );
}
for (const word of words(learningRates)) {
  const text: Readonly<Record<string, string>> = { constant: 'constant', one_cycle: 'one_cycle', ...rateExamples() };
  const without = word === 'constant' ? 'learning_rate cosine' : '';
  changes(`learning rate ${word}`, { schedule: `learning_rate ${text[word]}` }, { schedule: without });
}
function rateExamples(): Readonly<Record<string, string>> {
  return { step: 'step(every_epochs: 1, factor: 50%)', exponential: 'exponential(50%)', cosine: 'cosine' };
}

const settings: Readonly<Record<string, Lines>> = {
  epochs: { schedule: 'epochs 3' },
  batch: { schedule: 'batch 4' },
  clip: { schedule: 'clip global_norm 0.01' },
  label_smoothing: { schedule: 'label_smoothing 10%' },
  ema: { schedule: 'ema 90%' },
  warmup_epochs: { schedule: 'warmup_epochs 1' },
  lr: { schedule: 'lr(head: 1e-3, backbone: 1e-5)' },
  reduce_lr_on_plateau: { schedule: 'epochs 4; reduce_lr_on_plateau(monitor: loss, patience: 0, min_delta: 100)' },
  early_stopping: { schedule: 'epochs 4; early_stopping(monitor: loss, patience: 0, min_delta: 100)' },
};
const settingBase: Readonly<Record<string, Lines>> = {
  reduce_lr_on_plateau: { schedule: 'epochs 4' },
  early_stopping: { schedule: 'epochs 4' },
};
for (const [word, lines] of Object.entries(settings)) {
  const text = lines.schedule?.startsWith('batch') ? file(lines).replace('batch 8; ', '') : file(lines);
  test(`${word} changes the weights`, async () => {
    assert.not.ok((await train(text)).equals(await trainOnce(file(settingBase[word] ?? {}))));
  });
}
const twoStages = (more: string): Lines => ({
  schedule: `stage "a" { epochs 1 }; stage "b" { epochs 1${more} }`,
});
changes('keep_optimizer', twoStages('; keep_optimizer true'), twoStages(''));
for (const word of words(monitors)) {
  trains(`monitor ${word} and checkpoint`, {
    data: 'validation 25% of train',
    schedule: `checkpoint(monitor: ${word}); early_stopping(monitor: ${word}, patience: 1)`,
  });
}
test('every setting of a schedule is tried', () => {
  const tried = [...Object.keys(settings), 'optimizer', 'learning_rate', 'keep_optimizer', 'checkpoint'];
  assert.equal([...words(stageSettings), ...words(rateSettings)].sort(), tried.sort());
});

for (const policy of ['backbone', 'backbone except last 1 layers', 'first 1 layers', 'backbone except conv*']) {
  changes(`freeze ${policy}`, { freeze: policy });
}
changes(
  'freeze backbone except from',
  {
    freeze: 'backbone except from b',
    backbone: 'backbone cnn { conv 4 3x3 relu (stride: 2); conv 4 3x3 (name: "b") }',
  },
  { backbone: 'backbone cnn { conv 4 3x3 relu (stride: 2); conv 4 3x3 (name: "b") }' },
);
changes('batch_norm adapt', { freeze: 'none { batch_norm adapt }' });
changes('batch_norm inference', { freeze: 'none { batch_norm inference }' }, { freeze: 'none { batch_norm adapt }' });

for (const word of words(normalizations)) {
  const other = word === 'unit' ? 'signed' : 'unit';
  changes(
    `normalize ${word}`,
    { data: `normalize ${word}; validation none` },
    { data: `normalize ${other}; validation none` },
  );
}
const dataLines: Readonly<Record<string, string>> = {
  size: 'size 20x20; validation none',
  channels: 'source digits; limit 16 (test: 4); channels 1; validation none',
  resize: 'resize nearest; validation none',
  classes: 'source digits; limit 12 (test: 4); classes 2..4; channels 3; validation none',
  limit: 'source digits; limit 12 (test: 4); channels 3; validation none',
  class_weights: 'class_weights [1, 3, 1, 1, 1, 1, 1, 1, 1, 1]; validation none',
  validation: 'validation 25% of train stratified',
};
for (const [word, data] of Object.entries(dataLines)) changes(`data ${word}`, { data });
changes(
  'resize antialias',
  { data: `${COLOUR}; resize bilinear (antialias: true); validation none` },
  { data: `${COLOUR}; validation none` },
);
trains('validation test', { data: 'validation test' });
waits('validation folder', { data: 'validation folder("images/validation")' });
test('every setting of data is tried', () => {
  const tried = [...Object.keys(dataLines), 'source', 'normalize'];
  assert.equal([...words(dataSettings), 'validation'].sort(), tried.sort());
});

/** Sources whose images are on every machine; the others say what is missing. */
const shipped: readonly string[] = ['digits', 'shapes'];
for (const word of words(sources)) {
  test(`source ${word}`, async () => {
    const example = (sources as Words)[word]?.example ?? `source ${word}`;
    const text = shipped.includes(word) ? example.replace(/train: \d+/, 'train: 16') : example;
    const found = await outcome(
      file({ data: `${text}; ${word === 'digits' ? 'limit 16 (test: 4); ' : ''}validation none` }),
    );
    // Where a person keeps Keras' data, the known sources train.
    if (shipped.includes(word)) assert.is(found, 'trains');
    else assert.ok(found === 'data missing' || found === 'trains');
  });
}

test('each known backbone can be trained', async () => {
  for (const name of words(backbones)) {
    const { plan } = checkText(
      file({
        data: 'size 96x96; validation none',
        backbone: TRAINED.replace('mobilenetv2', name),
        head: 'global_average_pooling',
      }),
      'a.tlp',
    );
    assert.equal(notRunYet(plan!.runs[0]!), []);
  }
});
trains('backbone convnexttiny', {
  data: 'size 32x32; validation none',
  backbone: 'backbone convnexttiny { weights none }',
  head: 'global_average_pooling',
});

test.run();
