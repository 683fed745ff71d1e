// The loader end to end with its worker (dist/loader-worker.js): contents, order, determinism, cancelling, errors, closing.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernel } from '../../../src/compiler/kernels/emit-kernel.ts';
import type { PreprocessProgram } from '../../../src/compiler/kernels/preprocess.ts';
import { openSource } from '../../../src/runtime/data/open-source.ts';
import { DataError } from '../../../src/runtime/data/source.ts';
import type { Batch } from '../../../src/runtime/engine/engine.ts';
import { compileKernel } from '../../../src/runtime/loader/compile-kernel.ts';
import type { Loader, LoaderRequest, Pass } from '../../../src/runtime/loader/loader.ts';
import { openLoader } from '../../../src/runtime/loader/open-loader.ts';
import { prepareBatch } from '../../../src/runtime/loader/prepare-batch.ts';

const grey = { height: 8, width: 8, channels: 1 };
const evaluate: PreprocessProgram = {
  source: grey,
  output: grey,
  layout: 'nchw',
  interpolation: 'bilinear',
  antialias: false,
  augment: [],
  batch: [],
  order: [0],
  scale: [1 / 255],
  offset: [0],
};
const train: PreprocessProgram = {
  ...evaluate,
  augment: [
    { kind: 'rotate', degrees: [-10, 10], fill: 'nearest', fill_value: 0 },
    { kind: 'shift', x: [-0.1, 0.1], y: [-0.1, 0.1], fill: 'nearest', fill_value: 0 },
  ],
};
const request: LoaderRequest = {
  source: { kind: 'digits' },
  only_classes: null,
  views: null,
  classes: 10,
  train,
  evaluate,
  seed: 5,
  kernels: { train: emitKernel(train), evaluate: emitKernel(evaluate) },
  masks: [
    { name: 'dropout:mask', shape: [50], rate: 0.25 },
    { name: 'spatial:mask', shape: [1, 1, 6], rate: 0.5 },
  ],
};
const pass = (more: Partial<Pass> = {}): Pass => ({
  split: 'train',
  indices: Uint32Array.from({ length: 70 }, (_, i) => 3 * i),
  batch: 16,
  mode: 'train',
  epoch: 1,
  skip: 0,
  ...more,
});

const collect = async (batches: AsyncIterable<Batch>, pause = 0): Promise<Batch[]> => {
  const all: Batch[] = [];
  for await (const batch of batches) {
    all.push(batch);
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return all;
};

/** Closes the loader whatever happens: a worker left behind keeps the process alive. */
const withLoader = async (
  work: (loader: Loader) => Promise<void>,
  more: Partial<LoaderRequest> = {},
): Promise<void> => {
  const loader = await openLoader({ ...request, ...more });
  try {
    await work(loader);
  } finally {
    await loader.close();
  }
};

const loading = suite('loader');

loading('images are told apart by what they hold, wherever they stand', () =>
  withLoader(async (loader) => {
    const { digests, labels } = await loader.identify('train', Uint32Array.of(3, 5, 3));
    const digest = (i: number): string => Buffer.from(digests.subarray(i * 16, (i + 1) * 16)).toString('hex');
    assert.is(digest(0), digest(2));
    assert.is.not(digest(0), digest(1));
    const source = await openSource({ kind: 'digits' });
    assert.equal(
      labels,
      Uint16Array.from([3, 5, 3], (i) => source.train.labels[i]!),
    );
    assert.is(digest(1), Buffer.from(source.digest('train', 5)).toString('hex'));
    const everything = new Set(
      Array.from({ length: 200 }, (_, i) => Buffer.from(source.digest('train', i)).toString('hex')),
    );
    assert.is(everything.size, 200);
  }),
);

loading('evaluation batches: the images in order, one-hot labels, no masks, a short last batch', () =>
  withLoader(async (loader) => {
    const batches = await collect(loader.batches(pass({ mode: 'evaluate' })));
    assert.equal(
      batches.map(({ count }) => count),
      [16, 16, 16, 16, 6],
    );
    const source = await openSource({ kind: 'digits' });
    const pixels = new Uint8Array(64);
    source.read('train', 3 * 17, pixels);
    const second = batches[1]!;
    assert.equal([...second.inputs.images!.subarray(64, 128)], [...Float32Array.from(pixels, (v) => v / 255)]);
    const label = source.train.labels[3 * 17]!;
    assert.equal(
      [...second.labels.subarray(10, 20)],
      Array.from({ length: 10 }, (_, c) => (c === label ? 1 : 0)),
    );
    assert.equal(second.masks, {});
    assert.is(batches[4]!.labels.length, 60);
  }),
);

loading('fixed views: an image has so many pictures, which the epochs take in turn, wherever it stands in a pass', () =>
  withLoader(
    async (loader) => {
      const picture = async (epoch: number, indices: readonly number[], place: number): Promise<readonly number[]> => {
        const [batch] = await collect(loader.batches(pass({ epoch, indices: Uint32Array.from(indices), batch: 4 })));
        return [...batch!.inputs.images!.subarray(place * 64, (place + 1) * 64)];
      };
      const first = await picture(1, [8, 3], 0);
      assert.equal(await picture(3, [5, 3, 8], 2), first);
      const second = await picture(2, [8], 0);
      assert.not.equal(second, first);
      assert.equal(await picture(4, [3, 8], 1), second);
    },
    { views: 2 },
  ),
);

loading('masks: shape, values 0 and 1 / (1 - rate), kept share near 1 - rate, new each batch and epoch', () =>
  withLoader(async (loader) => {
    const [first, second] = await collect(loader.batches(pass()));
    const [later] = await collect(loader.batches(pass({ epoch: 2 })));
    const mask = first!.masks['dropout:mask']!;
    assert.is(mask.length, 16 * 50);
    assert.is(first!.masks['spatial:mask']!.length, 16 * 6);
    assert.ok(mask.every((value) => value === 0 || value === Math.fround(1 / 0.75)));
    const kept = mask.filter((value) => value > 0).length / mask.length;
    assert.ok(Math.abs(kept - 0.75) < 0.06, `kept ${kept}`); // four standard deviations of 800 draws
    assert.not.equal(mask, second!.masks['dropout:mask']);
    assert.not.equal(mask, later!.masks['dropout:mask']);
  }),
);

loading('the same batches as without a worker, whatever the pace, and when resumed inside an epoch', async () => {
  const source = await openSource(request.source);
  const kernels = { train: compileKernel(emitKernel(train)), evaluate: compileKernel(emitKernel(evaluate)) };
  const expected = await Promise.all(
    [0, 1, 2, 3, 4].map((number) => prepareBatch(request, source, kernels, pass(), number)),
  );
  await withLoader(async (loader) => {
    assert.equal(await collect(loader.batches(pass())), expected);
    assert.equal(await collect(loader.batches(pass({ skip: 3 }))), expected.slice(3));
    assert.equal(await collect(loader.batches(pass({ skip: 5 }))), []);
  });
  await withLoader(async (loader) => assert.equal(await collect(loader.batches(pass()), 15), expected));
});

loading('augmentation is random by epoch and position, evaluation is not', () =>
  withLoader(async (loader) => {
    const twice = pass({ indices: Uint32Array.of(4, 4), batch: 2 });
    const [one] = await collect(loader.batches(twice));
    const [two] = await collect(loader.batches({ ...twice, epoch: 2 }));
    const [still] = await collect(loader.batches({ ...twice, mode: 'evaluate', epoch: 2 }));
    assert.not.equal(one!.inputs.images!.slice(0, 64), one!.inputs.images!.slice(64));
    assert.not.equal(one!.inputs.images!, two!.inputs.images!);
    assert.equal(still!.inputs.images!.slice(0, 64), still!.inputs.images!.slice(64));
  }),
);

loading('leaving early cancels the rest, and the next pass starts clean', () =>
  withLoader(async (loader) => {
    for await (const batch of loader.batches(pass({ indices: new Uint32Array(20000), batch: 4 }))) {
      assert.is(batch.count, 4);
      break;
    }
    const batches = await collect(loader.batches(pass({ mode: 'evaluate' })));
    assert.is(batches.length, 5);
  }),
);

loading('two passes at once keep apart', () =>
  withLoader(async (loader) => {
    const [a, b] = await Promise.all([
      collect(loader.batches(pass()), 2),
      collect(loader.batches(pass({ split: 'test', mode: 'evaluate', batch: 10 })), 1),
    ]);
    assert.is(a.length, 5);
    assert.is(b.length, 7);
    assert.is(Object.keys(b[0]!.masks).length, 0);
  }),
);

loading('what the worker cannot read is a DataError here, with the same message', async () => {
  const bad: LoaderRequest = { ...request, source: { kind: 'shapes', classes: 99, train: 1, test: 1, seed: 0 } };
  try {
    await openLoader(bad);
    assert.unreachable('opened');
  } catch (error) {
    assert.instance(error, DataError);
    assert.is((error as Error).message, 'shapes has 2 to 10 classes, not 99');
  }
});

loading("a mistake of ours in the worker is no DataError, and has the worker's stack", async () => {
  const kernels = { ...request.kernels, train: 'return (pixels) => pixels.nothing.there;' };
  const loader = await openLoader({ ...request, kernels });
  const error = await collect(loader.batches(pass())).catch((thrown: unknown) => thrown);
  await loader.close();
  assert.instance(error, Error);
  assert.not.instance(error, DataError);
  assert.match((error as Error).message, /^Cannot read properties of undefined/);
  assert.match((error as Error).stack ?? '', 'loader-worker.js');
});

loading('closing ends a pass that waits, and nothing starts afterwards', async () => {
  const loader = await openLoader(request);
  await loader.close();
  try {
    await collect(loader.batches(pass()));
    assert.unreachable('gave batches');
  } catch (error) {
    assert.match((error as Error).message, 'the loader was closed');
  }
});

loading.run();
