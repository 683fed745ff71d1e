// The five notebooks as pipelines: what went wrong in each is a warning, listed in the head of its file; `-clean` has none.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import type { RunPlan } from '../../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';
import { format } from '../../../src/parser/format.ts';

const test = suite('notebooks');

const folder = new URL('../../../pipelines/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.tlp'))
  .map((file) => file.slice(0, -'.tlp'.length));

const check = (name: string) => {
  const text = readFileSync(new URL(`${name}.tlp`, folder), 'utf8');
  const { plan, diagnostics } = checkText(text, `${name}.tlp`);
  assert.ok(plan !== null, diagnostics.map((d) => `${d.span.start} ${d.message}`).join('\n'));
  assert.equal(verifyPlan(plan), []);
  return { text, plan, found: [...new Set(diagnostics.map((d) => `${d.code} ${d.name}`))].sort() };
};

/** `CODE name` at the beginning of a comment line. */
const listed = (text: string): readonly string[] =>
  [...text.matchAll(/^\/\/ {3}(TLP\d{4} [\w-]+) {2}/gm)].map((match) => match[1] ?? '');

const notebooks = names.filter((name) => names.includes(`${name}-clean`));

test('each notebook is there, and beside it the version without its pitfalls', () => {
  assert.equal(notebooks, [
    'augmentation-cifar10',
    'cnn-vs-mobilenetv2',
    'mnist-transfer',
    'resnet50-heads',
    'vgg16-cifar10',
  ]);
});

for (const name of names) {
  test(`${name}: the head of the file lists what \`tlp check\` finds`, () => {
    const { text, found } = check(name);
    assert.equal(found, listed(text));
    assert.is(found.length > 0, notebooks.includes(name));
  });
}

test('every pipeline is in the canonical style', () => {
  for (const name of names) {
    const { text } = check(name);
    assert.is(format(text), text, name);
  }
});

/** The figures that a notebook chose: of its version without pitfalls, too. */
const choices = (run: RunPlan): string => {
  const [first] = run.stages;
  const backbone = run.backbone.kind === 'known' ? run.backbone.name : run.backbone.name;
  const { except } = first!.freeze;
  const frozen = first!.freeze.kind + (except?.kind === 'last' ? ` except ${except.count}` : '');
  return `${run.name}: ${backbone}, ${frozen}, ${first!.optimizer.kind} ${first!.optimizer.lr}, ${first!.batch}, ${first!.epochs}`;
};

/** Figures of each notebook: backbone, frozen, optimizer and learning rate, batch, epochs. */
const figures: Readonly<Record<string, readonly string[]>> = {
  'vgg16-cifar10': [
    'A: no training: vgg16, backbone, adam 0.001, 64, 0',
    'B: feature extraction: vgg16, backbone, adam 0.001, 64, 10',
    'C: fine-tuning: vgg16, none, adam 0.00001, 64, 10',
  ],
  'cnn-vs-mobilenetv2': [
    'CNN: cnn, none, adam 0.001, 128, 10',
    'MobileNetV2: mobilenetv2, backbone, adam 0.001, 128, 10',
    'MobileNetV2, last layers: mobilenetv2, backbone except 10, adam 0.0001, 128, 10',
  ],
  'resnet50-heads': [
    'plain: resnet50, none, adam 0.001, 32, 20',
    'wide: resnet50, none, adam 0.0005, 32, 20',
    'regular: resnet50, none, adam 0.0008, 32, 25',
  ],
  'augmentation-cifar10': [
    'CNN: cnn, none, adam 0.001, 64, 10',
    'CNN, augmented: cnn, none, adam 0.001, 64, 10',
    'VGG16: vgg16, backbone, adam 0.001, 64, 10',
    'VGG16, augmented: vgg16, backbone, adam 0.001, 64, 10',
  ],
  'mnist-transfer': [
    'VGG16: vgg16, backbone, adam 0.0001, 128, 10',
    'ResNet50: resnet50, backbone, adam 0.0001, 128, 10',
    'MobileNetV2: mobilenetv2, backbone, adam 0.0001, 128, 10',
    'CNN: cnn, none, adam 0.001, 128, 10',
    'VGG16, fine-tuned: vgg16, backbone except 4, adam 0.00001, 128, 5',
  ],
};

for (const name of notebooks) {
  test(`${name}: the figures of the notebook, in both versions`, () => {
    assert.equal(check(name).plan.runs.map(choices), figures[name]);
    assert.equal(check(`${name}-clean`).plan.runs.map(choices), figures[name]);
  });
}

/** What the notebooks printed: Keras' own count of parameters and weight tensors. */
test('VGG16 on CIFAR-10: as many parameters as the notebook counted', () => {
  const [, extraction, tuning] = check('vgg16-cifar10').plan.runs.map((run) => buildRunLayers(run, '/runs/0'));
  const count = (network: typeof tuning) => {
    const trained = network!.model.layers
      .flatMap((layer) => layer.weights)
      .filter(({ name }) => network!.stages[0]!.trained.trainable.has(name));
    return [trained.length, trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)];
  };
  assert.equal(count(tuning), [30, 14_848_586]);
  assert.equal(count(extraction), [4, 512 * 256 + 256 + 256 * 10 + 10]);
});

test('what the notebooks do to their images', () => {
  const images = (name: string) => check(name).plan.runs.map(({ data }) => Object.values(data.image).join('x'));
  assert.equal(images('mnist-transfer'), Array(5).fill('32x32x3'));
  assert.equal(images('mnist-transfer-clean'), ['96x96x3', '96x96x3', '96x96x3', '28x28x1', '96x96x3']);
  const moved = check('augmentation-cifar10').plan.runs[1]!;
  assert.equal(
    moved.augment.map(({ kind }) => kind),
    ['rotate', 'shift', 'flip'],
  );
  assert.is(moved.continues, 'CNN');
});

test.run();
