// Kernels as text: the words of the head comment, and golden files of whole programs.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { buildPreprocess } from '../../../src/compiler/kernels/build-preprocess.ts';
import { describeProgram, printKernel } from '../../../src/compiler/kernels/print-kernel.ts';
import type { TrainableRun } from '../../../src/compiler/plan/trainable.ts';
import { golden } from '../../support/golden.ts';
import { image, known, layer, own, runPlan } from '../../support/run-plan.ts';
import { readyRun } from '../../support/trainable.ts';
import { program, shape } from './support.ts';

const printing = suite('kernel: printed');
const pipelines = new URL('../../../pipelines/', import.meta.url);
const fill = { fill: 'reflect', fill_value: 0 } as const;

/** The data and augmentation of the flagship: ResNet50 on shapes. */
const flagship: TrainableRun = readyRun(
  runPlan(known('resnet50'), image(224), undefined, {
    augment: [
      { kind: 'flip', axis: 'horizontal', probability: 0.5 },
      { kind: 'rotate', degrees: [-20, 20], ...fill },
      { kind: 'shift', x: [-0.1, 0.1], y: [-0.1, 0.1], ...fill },
    ],
  }),
);
/** Digits as they are, no augmentation. */
const digits: TrainableRun = readyRun(runPlan(own(layer.flatten()), image(8, 1), undefined));

for (const file of readdirSync(pipelines).filter((name) => name.endsWith('.tlp'))) {
  const name = file.slice(0, -'.tlp'.length);
  printing(`golden: pipelines/${name}.tlp, training and evaluation`, () => {
    const { plan } = checkText(readFileSync(new URL(file, pipelines), 'utf8'), `pipelines/${file}`);
    const kernels = plan!.runs.flatMap((run) =>
      (['train', 'evaluate'] as const).map((mode) => printKernel(buildPreprocess(readyRun(run), mode, 'nchw'))),
    );
    // Runs over the same data share their kernels.
    golden(`${name}/kernel.txt`, [...new Set(kernels)].join('\n'));
  });
}
printing('golden: grey 8x8 digits enlarged to RGB 32x32, flipped and tinted', () => {
  const run = {
    ...digits,
    data: { ...digits.data, image: image(32), normalize: { kind: 'signed', order: 'bgr', scale: [1], offset: [-1] } },
    augment: [
      { kind: 'zoom', x: [0.9, 1.1], y: [0.9, 1.1], keep_aspect: true, ...fill, fill: 'constant', fill_value: 0 },
      { kind: 'contrast', factor: [0.8, 1.2] },
    ],
  } satisfies Pick<TrainableRun, 'data' | 'augment'>;
  golden('kernels/digits-enlarged.txt', printKernel(buildPreprocess(run, 'train', 'nhwc')));
});

printing(
  'a plan becomes a program: scale of one value counts for all channels, bgr reverses, evaluation has no steps',
  () => {
    const of = buildPreprocess(flagship, 'train', 'nchw');
    assert.equal(of.scale, [1 / 255, 1 / 255, 1 / 255]);
    assert.equal(of.order, [0, 1, 2]);
    assert.is(of.augment.length, 3);
    assert.equal(buildPreprocess(flagship, 'evaluate', 'nchw').augment, []);
    const bgr = {
      ...flagship,
      data: { ...flagship.data, normalize: { ...flagship.data.normalize, order: 'bgr' } },
    } as const;
    assert.equal(buildPreprocess(bgr, 'train', 'nhwc').order, [2, 1, 0]);
  },
);
printing('the size of the source may come from the data', () => {
  const unknown = { ...flagship, data: { ...flagship.data, source_image: null } };
  assert.equal(buildPreprocess(unknown, 'train', 'nchw', image(50)).source, image(50));
  assert.throws(() => buildPreprocess(unknown, 'train', 'nchw'), /not known yet/);
});

printing('batch steps stand behind the steps of single images, in file order; evaluation has none', () => {
  const mixup = { kind: 'mixup', alpha: 0.2, probability: 1 } as const;
  const cutmix = { kind: 'cutmix', alpha: 1, probability: 0.5 } as const;
  const flip = { kind: 'flip', axis: 'vertical', probability: 0.5 } as const;
  const run = { ...flagship, augment: [cutmix, flip, mixup] };
  const of = buildPreprocess(run, 'train', 'nchw');
  assert.equal([of.augment, of.batch], [[flip], [cutmix, mixup]]);
  assert.equal(buildPreprocess(run, 'evaluate', 'nchw').batch, []);
  assert.equal(describeProgram(of).slice(-2), [
    'then, not in the kernel: cutmix alpha 1, probability 0.5, with another image of the batch',
    'then, not in the kernel: mixup alpha 0.2, probability 1, with another image of the batch',
  ]);
});
printing('antialiasing is named only where it happens', () => {
  const shrink = program(shape(8, 8, 3), { output: shape(4, 4, 3), antialias: true });
  assert.match(describeProgram(shrink).join('\n'), /resize, bilinear, antialiased/);
  const grow = program(shape(4, 4, 3), { output: shape(8, 8, 3), antialias: true });
  assert.not.match(describeProgram(grow).join('\n'), /antialiased/);
});

printing.run();
