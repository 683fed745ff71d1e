// Digits written as PNG files and predicted from a run folder: what the run's own evaluation gives for the same digits.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSource } from '../../src/runtime/data/open-source.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { openLoader } from '../../src/runtime/loader/open-loader.ts';
import type { Prediction, Unreadable } from '../../src/runtime/prediction.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { predictImages } from '../../src/session/predict-images.ts';
import { prepareRun } from '../../src/session/prepare-run.ts';
import { digitsPlan } from '../support/digits-plan.ts';
import { type FinishedRun, finishRun } from '../support/finished-run.ts';
import { readyRun } from '../support/trainable.ts';

const test = suite('predict images');

let root = '';
let finished: FinishedRun;
let folder = '';

/** Test digits as files; every second one in a folder below. */
const COUNT = 7;

const grey = (bytes: Uint8Array, side: number): Uint8Array =>
  encode({ width: side, height: side, channels: 1, depth: 8, data: bytes });

const digit = async (index: number): Promise<Uint8Array> => {
  const source = await openSource({ kind: 'digits' });
  const pixels = new Uint8Array(64);
  source.read('test', index, pixels);
  return pixels;
};

test.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-predict-'));
  finished = await finishRun(join(root, 'runs'));
  // The folder alone is enough, wherever it lies.
  folder = join(root, 'elsewhere');
  renameSync(finished.folder, folder);
  mkdirSync(join(root, 'img', 'odd'), { recursive: true });
  for (let i = 0; i < COUNT; i++) {
    writeFileSync(join(root, 'img', i % 2 === 1 ? 'odd' : '', `${i}.png`), grey(await digit(i), 8));
  }
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const predict = async (images: readonly string[], more: { readonly top?: number; readonly batch?: number } = {}) => {
  const predictions: Prediction[] = [];
  const unreadable: Unreadable[] = [];
  const counts = await predictImages({
    folder,
    images,
    engines,
    device: 'cpu',
    top: 10,
    ...more,
    onPrediction: (prediction) => predictions.push(prediction),
    onUnreadable: (image) => unreadable.push(image),
  });
  return { predictions, unreadable, counts };
};

/** Probabilities of the first test digits by the way that training's evaluation goes. */
const byEvaluation = async (): Promise<readonly Float32Array[]> => {
  const prepared = await prepareRun(digitsPlan(finished.run), readyRun(finished.run));
  const { compiled } = prepared;
  const stage = compiled.stages[0]!;
  const session = await onnxEngine.open({ model: compiled.model, stage, weights: finished.weights, device: 'cpu' });
  const loader = await openLoader({
    source: finished.run.data.source,
    only_classes: null,
    views: null,
    classes: 10,
    masks: [],
    seed: 0,
    train: compiled.preprocess.train,
    evaluate: compiled.preprocess.evaluate,
    kernels: compiled.kernels,
  });
  const indices = Uint32Array.from({ length: COUNT }, (_, i) => i);
  try {
    for await (const batch of loader.batches({
      split: 'test',
      indices,
      batch: COUNT,
      mode: 'evaluate',
      epoch: 1,
      skip: 0,
    })) {
      const all = await session.predict(batch);
      return Array.from(indices, (i) => all.slice(i * 10, (i + 1) * 10));
    }
    return [];
  } finally {
    await loader.close();
    await session.close();
  }
};

const confidences = ({ top }: Prediction): Readonly<Record<string, number>> =>
  Object.fromEntries(top.map((each) => [each.class, each.confidence]));

test('a digit as a PNG file has the probabilities that evaluation gives it', async () => {
  const expected = await byEvaluation();
  const { predictions, counts } = await predict([join(root, 'img')], { batch: COUNT });
  assert.equal(counts, { predicted: COUNT, unreadable: 0 });
  const names = ['0.png', '2.png', '4.png', '6.png', 'odd/1.png', 'odd/3.png', 'odd/5.png'];
  assert.equal(
    predictions.map(({ image }) => image),
    names.map((name) => join(root, 'img', name)),
  );
  for (const [at, index] of [0, 2, 4, 6, 1, 3, 5].entries()) {
    const wanted = Object.fromEntries([...expected[index]!].map((value, label) => [`${label}`, value]));
    assert.equal(confidences(predictions[at]!), wanted, names[at]!);
  }
});

test('the most likely class stands first, and no more are given than asked for', async () => {
  const { predictions } = await predict([join(root, 'img/0.png')], { top: 3 });
  const shares = predictions[0]!.top.map(({ confidence }) => confidence);
  assert.is(shares.length, 3);
  assert.equal(
    shares,
    [...shares].sort((a, b) => b - a),
  );
});

test('an image of another size or colour is brought to the size of the digits', async () => {
  const small = await digit(3);
  const doubled = new Uint8Array(16 * 16 * 3);
  for (let i = 0; i < 256; i++) doubled.fill(small[(i >> 5) * 8 + ((i & 15) >> 1)]!, i * 3, i * 3 + 3);
  const path = join(root, 'large.png');
  writeFileSync(path, encode({ width: 16, height: 16, channels: 3, depth: 8, data: doubled }));
  const { predictions } = await predict([path, join(root, 'img/odd/3.png')]);
  // Halving by bilinear interpolation lies in the middle of four equal pixels.
  assert.equal(predictions[0]!.top, predictions[1]!.top);
});

test('images that cannot be read are named, and the others predicted', async () => {
  const damaged = join(root, 'damaged.png');
  writeFileSync(damaged, grey(await digit(0), 8).subarray(0, 50));
  writeFileSync(join(root, 'photo.gif'), 'GIF89a');
  const images = [
    damaged,
    join(root, 'img/0.png'),
    join(root, 'gone.png'),
    join(root, 'photo.gif'),
    join(root, 'img/2.png'),
  ];
  const { predictions, unreadable, counts } = await predict(images, { batch: 2 });
  assert.equal(counts, { predicted: 2, unreadable: 3 });
  assert.equal(
    predictions.map(({ image }) => image),
    [images[1], images[4]],
  );
  const problems = unreadable.map(({ problem }) => problem.replace(root, '').replace(/\. .*/, ''));
  assert.equal(problems, [
    '/damaged.png is truncated: its end is missing',
    '/gone.png is not there',
    '/photo.gif is truncated: its end is missing',
  ]);
});

const refused = async (work: Promise<unknown>, kind: new (message: string) => Error, words: RegExp): Promise<void> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, kind);
  assert.match((error as Error).message, words);
};

test('a folder without images and a folder that is no run are refused', async () => {
  mkdirSync(join(root, 'empty'));
  await refused(predict([join(root, 'empty')]), DataError, /^the folder .*empty holds no images: /);
  const request = { images: [join(root, 'img')], engines, device: 'cpu', top: 1, onPrediction() {}, onUnreadable() {} };
  await refused(
    predictImages({ ...request, folder: root }),
    RunFolderError,
    /holds several runs: name one of .*elsewhere/,
  );
});

test.run();
