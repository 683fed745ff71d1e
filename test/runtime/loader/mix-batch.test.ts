// LabelledImages steps: blending and pasting against Keras' own MixUp and CutMix (test/support/keras-mix/mix.py), draws, order and streams.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernel } from '../../../src/compiler/kernels/emit-kernel.ts';
import type { BatchLayout, BatchStep, PreprocessProgram } from '../../../src/compiler/kernels/preprocess.ts';
import { openSource } from '../../../src/runtime/data/open-source.ts';
import { compileKernel } from '../../../src/runtime/loader/compile-kernel.ts';
import type { LoaderRequest, Pass } from '../../../src/runtime/loader/loader.ts';
import {
  applyMixing,
  boxOf,
  type LabelledImages,
  type Mixing,
  mixBatch,
} from '../../../src/runtime/loader/mix-batch.ts';
import { prepareBatch } from '../../../src/runtime/loader/prepare-batch.ts';
import { stream } from '../../../src/runtime/random.ts';
import { difference, program, shape } from '../../compiler/kernels/support.ts';

const mixing = suite('batch steps');

interface Mixed {
  readonly images: readonly number[];
  readonly labels: readonly number[];
}
const keras: {
  readonly partners: readonly number[];
  readonly shares: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly mixup: Mixed;
  readonly cutmix: Mixed;
} = JSON.parse(readFileSync(new URL('../../support/keras-mix/mix.json', import.meta.url), 'utf8'));

/** The images and labels of mix.py, channels last. */
const [COUNT, HEIGHT, WIDTH, CHANNELS, CLASSES] = [3, 6, 7, 2, 4];
const size = HEIGHT * WIDTH * CHANNELS;
const images = (): Float32Array => Float32Array.from({ length: COUNT * size }, (_, i) => ((i * 37) % 101) / 100);
const labels = (): Float32Array => {
  const rows = new Float32Array(COUNT * CLASSES);
  for (const [i, label] of [1, 3, 0].entries()) rows[i * CLASSES + label] = 1;
  return rows;
};
/** Channels last to channels first, or back. */
const turned = (values: ArrayLike<number>, to: BatchLayout): Float32Array => {
  const result = new Float32Array(values.length);
  const area = HEIGHT * WIDTH;
  for (let n = 0; n < COUNT; n++)
    for (let c = 0; c < CHANNELS; c++)
      for (let p = 0; p < area; p++) {
        const [last, first] = [n * size + p * CHANNELS + c, n * size + c * area + p];
        if (to === 'nchw') result[first] = values[last]!;
        else result[last] = values[first]!;
      }
  return result;
};

for (const layout of ['nhwc', 'nchw'] as const) {
  const of = program(shape(HEIGHT, WIDTH, CHANNELS), { layout });
  const mixed = (boxes: Mixing['boxes']): { readonly images: Float32Array; readonly labels: Float32Array } => {
    const batch = {
      count: COUNT,
      images: layout === 'nhwc' ? images() : turned(images(), 'nchw'),
      labels: labels(),
    };
    applyMixing(of, batch, {
      partners: Uint32Array.from(keras.partners),
      shares: Float64Array.from(keras.shares),
      boxes,
    });
    return layout === 'nhwc' ? batch : { ...batch, images: turned(batch.images, 'nhwc') };
  };
  mixing(`mixup blends as Keras' MixUp, ${layout}`, () => {
    const got = mixed(null);
    assert.ok(difference(got.images, keras.mixup.images) < 1e-6);
    assert.ok(difference(got.labels, keras.mixup.labels) < 1e-6);
  });
  mixing(`cutmix pastes as Keras' CutMix, ${layout}`, () => {
    const boxes = keras.shares.map((share, i) =>
      boxOf(share, { height: HEIGHT, width: WIDTH }, keras.x[i]!, keras.y[i]!),
    );
    const got = mixed(boxes);
    assert.ok(difference(got.images, keras.cutmix.images) < 1e-6);
    assert.ok(difference(got.labels, keras.cutmix.labels) < 1e-6);
  });
}

mixing('a rectangle stays inside the image, with sides within a pixel of what its share says, for any draw', () => {
  const draw = stream(1, 'boxes');
  for (let i = 0; i < 2000; i++) {
    const share = draw();
    const { left, right, top, bottom } = boxOf(share, { height: 20, width: 30 }, draw(), draw());
    assert.ok(0 <= left && left <= right && right <= 30 && 0 <= top && top <= bottom && bottom <= 20);
    const side = Math.sqrt(1 - share);
    assert.ok(Math.abs(right - left - side * 30) < 1 && Math.abs(bottom - top - side * 20) < 1);
  }
  assert.equal(boxOf(0, { height: 2, width: 3 }, 0.5, 0.5), { left: 0, right: 3, top: 0, bottom: 2 });
});

/** Image i holds i everywhere, and is of class i. */
const numbered = (count: number): LabelledImages => {
  const rows = new Float32Array(count * count);
  for (let i = 0; i < count; i++) rows[i * count + i] = 1;
  return {
    count,
    images: Float32Array.from({ length: count * 4 }, (_, i) => Math.floor(i / 4)),
    labels: rows,
  };
};
const mixedBatch = (step: BatchStep, count: number, seed = 3): LabelledImages => {
  const batch = numbered(count);
  mixBatch(program(shape(2, 2, 1), { batch: [step] }), batch, stream(seed, 'mix', 1, 0));
  return batch;
};
const rowOf = ({ labels: rows }: LabelledImages, count: number, i: number): readonly number[] => [
  ...rows.subarray(i * count, (i + 1) * count),
];

mixing('mixup: labels stay shares, and say how the pixels were blended; partners are a permutation', () => {
  const count = 40;
  const batch = mixedBatch({ kind: 'mixup', alpha: 1, probability: 1 }, count);
  const partners: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = rowOf(batch, count, i);
    assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-6);
    const value = row.reduce((sum, share, c) => sum + share * c, 0);
    assert.ok(Math.abs(batch.images[i * 4 + 3]! - value) < 1e-4);
    partners.push(row.findIndex((share, c) => share > 0 && c !== i));
  }
  const others = partners.filter((partner) => partner >= 0);
  assert.is(new Set(others).size, others.length, 'each image is partner once');
  assert.ok(others.length > count - 5);
});

mixing('probability: only so many images are changed, the others keep pixels and label', () => {
  const count = 400;
  const batch = mixedBatch({ kind: 'mixup', alpha: 1, probability: 0.25 }, count);
  const changed = Array.from({ length: count }, (_, i) => rowOf(batch, count, i)[i]! < 1).filter(Boolean).length;
  // 4 standard deviations of a binomial share: 0.087
  assert.ok(Math.abs(changed / count - 0.25) < 0.09, `${changed} of ${count}`);
  const none = mixedBatch({ kind: 'cutmix', alpha: 1, probability: 0 }, 8);
  assert.equal([...none.images], [...numbered(8).images]);
  assert.equal([...none.labels], [...numbered(8).labels]);
});

mixing('a batch of one image has no other to mix with', () => {
  const batch = mixedBatch({ kind: 'mixup', alpha: 1, probability: 1 }, 1);
  assert.equal([...batch.images], [0, 0, 0, 0]);
  assert.equal([...batch.labels], [1]);
});

mixing('several steps act one after another', () => {
  const one = { kind: 'cutmix', alpha: 1, probability: 1 } as const;
  const two = { kind: 'mixup', alpha: 1, probability: 1 } as const;
  const both = numbered(9);
  mixBatch(program(shape(2, 2, 1), { batch: [one, two] }), both, stream(3, 'mix', 1, 0));
  const apart = numbered(9);
  const draw = stream(3, 'mix', 1, 0);
  mixBatch(program(shape(2, 2, 1), { batch: [one] }), apart, draw);
  mixBatch(program(shape(2, 2, 1), { batch: [two] }), apart, draw);
  assert.equal([...both.images], [...apart.images]);
});

const grey = shape(8, 8, 1);
const evaluate = program(grey, { layout: 'nchw', scale: [1 / 255] });
const train: PreprocessProgram = { ...evaluate, batch: [{ kind: 'mixup', alpha: 0.4, probability: 1 }] };
const request: LoaderRequest = {
  source: { kind: 'digits' },
  only_classes: null,
  views: null,
  classes: 10,
  train,
  evaluate,
  kernels: { train: emitKernel(train), evaluate: emitKernel(evaluate) },
  masks: [],
  seed: 5,
};
const passOf = (mode: Pass['mode'], epoch = 1): Pass => ({
  split: 'train',
  indices: Uint32Array.from({ length: 40 }, (_, i) => i),
  batch: 16,
  mode,
  epoch,
  skip: 0,
});

mixing('the loader mixes train batches by (seed, epoch, batch number); evaluation is never mixed', async () => {
  const source = await openSource({ kind: 'digits' });
  const kernels = { train: compileKernel(request.kernels.train), evaluate: compileKernel(request.kernels.evaluate) };
  const batch = async (mode: Pass['mode'], epoch: number, number: number): Promise<LabelledImages> => {
    const { count, inputs, labels } = await prepareBatch(request, source, kernels, passOf(mode, epoch), number);
    return { count, images: inputs.images!, labels };
  };
  const plain = await batch('evaluate', 1, 1);
  assert.ok([...plain.labels].every((share) => share === 0 || share === 1));
  const expected = { count: plain.count, images: plain.images.slice(), labels: plain.labels.slice() };
  mixBatch(train, expected, stream(5, 'mix', 2, 1));
  const mixed = await batch('train', 2, 1);
  assert.equal([...mixed.images], [...expected.images]);
  assert.equal([...mixed.labels], [...expected.labels]);
  assert.equal([...(await batch('train', 2, 1)).labels], [...mixed.labels]);
  assert.not.equal([...(await batch('train', 3, 1)).labels], [...mixed.labels]);
  assert.is((await batch('train', 1, 2)).count, 8);
});

mixing.run();
