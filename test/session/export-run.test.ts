// Finished runs in other formats: ONNX on images of several sizes against tlp's own kernel and graph, weights read back, refusals.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { ModelProto } from '../../src/compiler/onnx/proto.ts';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import { parseTensorHeader } from '../../src/runtime/checkpoint/safetensors.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { loadWeights } from '../../src/runtime/weights/load-weights.ts';
import { exportRun } from '../../src/session/export-run.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { digitsRun } from '../support/digits-plan.ts';
import { finishRun } from '../support/finished-run.ts';
import { bilinear, colourRun, noise, predict, prepare, replayCases, sessionOf } from '../support/replay-run.ts';
import { image, layer, own } from '../support/run-plan.ts';
import { loadTfjs, tf } from '../support/tfjs.ts';

interface Context {
  folder: string;
}

const exporting = suite<Context>('export of a run');

exporting.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
exporting.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const version = '0.0.0';
const plain = { train: false, force: false, version } as const;

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  assert.is(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

for (const [name, run, source] of replayCases) {
  exporting(`onnx, ${name}: bytes of any size give what tlp's own kernel and graph give`, async ({ folder }) => {
    const finished = await finishRun(folder, { run, source });
    const out = join(folder, 'model.onnx');
    assert.is(await exportRun(finished.folder, { ...plain, to: 'onnx', out }), out);
    const session = await sessionOf(readFileSync(out));
    for (const [height, width] of [
      [source.height, source.width],
      [17, 40],
      [5, 6],
      [36, 24],
    ] as const) {
      const images = new ort.Tensor('uint8', noise(height, width), [1, height, width, 3]);
      const { probabilities } = await session.run({ images });
      assert.equal(probabilities!.dims, [1, 10]);
      const expected = await predict(finished, prepare(run, source, height, width));
      // One byte of 256 may round the other way where a mean ends in a half.
      const off = largestDifference(probabilities!.data as Float32Array, expected);
      assert.ok(off < 1e-3, `${height}x${width}: ${off}`);
    }
    await session.release();
  });
}

exporting(
  'onnx with preprocessing outside takes what the kernel gives, channels last, and says so',
  async ({ folder }) => {
    const run = colourRun(bilinear);
    const source = image(12);
    const finished = await finishRun(folder, { run, source });
    const out = join(folder, 'model.onnx');
    await exportRun(finished.folder, { ...plain, to: 'onnx', out, preprocess: 'outside' });
    const pixels = prepare(run, source, 20, 20);
    const channelsLast = Float32Array.from(pixels, (_, i) => pixels[(i % 3) * 144 + Math.floor(i / 3)]!);
    const session = await sessionOf(readFileSync(out));
    const { probabilities } = await session.run({ images: new ort.Tensor('float32', channelsLast, [1, 12, 12, 3]) });
    await session.release();
    assert.ok(largestDifference(probabilities!.data as Float32Array, await predict(finished, pixels)) < 1e-6);
  },
);

exporting('onnx says classes, sizes and normalization in its metadata', async ({ folder }) => {
  const finished = await finishRun(folder);
  const out = join(folder, 'model.onnx');
  await exportRun(finished.folder, { ...plain, to: 'onnx', out });
  const { metadataProps } = ModelProto.toObject(ModelProto.decode(readFileSync(out)));
  const texts = new Map<string, string>(
    metadataProps.map(({ key, value }: { key: string; value: string }) => [key, value] as const),
  );
  assert.equal(JSON.parse(texts.get('classes')!), [...'0123456789']);
  assert.equal(JSON.parse(texts.get('image')!), image(8, 1));
  assert.equal(JSON.parse(texts.get('normalize')!), finished.run.data.normalize);
  assert.is(texts.get('preprocess'), 'inside');
  assert.is(texts.get('tlp_version'), version);
});

exporting(
  'safetensors holds every weight by name with its shape, and becomes the same weights again',
  async ({ folder }) => {
    const { folder: from, run, weights } = await finishRun(folder);
    const out = join(folder, 'model.safetensors');
    await exportRun(from, { ...plain, to: 'safetensors', out });
    const bytes = readFileSync(out);
    const length = Number(bytes.readBigUInt64LE(0));
    const { metadata, tensors } = parseTensorHeader(bytes.subarray(8, 8 + length), bytes.length - 8 - length);
    assert.equal(JSON.parse(metadata.classes!), [...'0123456789']);
    const { model } = buildRunLayers(run);
    const stored = model.layers.flatMap((each) => each.weights);
    assert.equal(
      tensors.map(({ name, shape }) => ({ name, shape })),
      stored.map(({ name, shape }) => ({ name, shape })),
    );
    const loaded = await loadWeights(model, out, { part: 'all', skipMismatch: false });
    assert.ok(loaded.kind === 'loaded');
    if (loaded.kind === 'loaded') for (const [name, values] of loaded.weights) assert.equal(values, weights.get(name));
  },
);

exporting('tfjs loads the model, whose weights are cut into shards, and predicts the same', async ({ folder }) => {
  const finished = await finishRun(folder);
  const out = join(folder, 'web');
  await exportRun(finished.folder, { ...plain, to: 'tfjs', out });
  assert.equal(readdirSync(out).sort(), ['group1-shard1of1.bin', 'model.json']);
  const model = await loadTfjs(new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))])));
  const pixels = prepare(finished.run, image(8, 1), 8, 8);
  const [input, given] = [tf.tensor4d(pixels, [1, 8, 8, 1]), await predict(finished, pixels)];
  const probabilities = (model.predict(input) as tf.Tensor).dataSync() as Float32Array;
  assert.ok(largestDifference(probabilities, given) < 1e-6);
});

exporting(
  'keras: model.py builds, prepares and names; the weights are those of the run for who reads Keras files',
  async ({ folder }) => {
    const { folder: from, run, weights } = await finishRun(folder);
    const out = join(folder, 'keras');
    await exportRun(from, { ...plain, to: 'keras', out });
    assert.equal(readdirSync(out).sort(), ['model.py', 'model.weights.h5']);
    const { model } = buildRunLayers(run);
    const loaded = await loadWeights(model, join(out, 'model.weights.h5'), { part: 'all', skipMismatch: false });
    assert.ok(loaded.kind === 'loaded');
    if (loaded.kind === 'loaded') for (const [name, values] of loaded.weights) assert.equal(values, weights.get(name));
    // What Python makes of it: npm run parity:export.
    const lines = readFileSync(join(out, 'model.py'), 'utf8').split('\n');
    for (const line of [
      'classes = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]',
      '    input_layer = keras.Input(shape=(8, 8, 1), name="input_layer")',
      '    x = layers.BatchNormalization(momentum=0.8, name="batch_normalization")(x)',
      '    x = layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), name="max_pooling2d")(x)',
      '    x = layers.Dense(units=10, activation="softmax", name="predictions")(x)',
      '    images = _resize(images, 8, 8)',
      '    colours = np.array([[0.00392156862745098]])',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  },
);

/** A folder of images, a known backbone, two stages. */
const transferRun = (): RunPlan => {
  const base = digitsRun();
  const [stage] = base.stages;
  if (stage === undefined) throw new Error('the run has no stage');
  const weights = { kind: 'none', batch_norm_momentum: 0.9, zero_residual: true } as const;
  const freeze = { kind: 'backbone', count: null, except: null, batch_norm: 'train' } as const;
  const fill = { fill: 'reflect', fill_value: 0 } as const;
  return {
    ...base,
    augment: [
      { kind: 'flip', axis: 'horizontal', probability: 0.5 },
      { kind: 'rotate', degrees: [-18, 18], ...fill },
      { kind: 'zoom', x: [0.8, 1.2], y: [0.8, 1.2], keep_aspect: true, ...fill },
    ],
    backbone: { kind: 'known', name: 'mobilenetv2', weights },
    head: [layer.gap(), layer.dense(10, { activation: 'softmax', name: 'predictions' })],
    data: {
      ...base.data,
      source: { kind: 'folder', path: '/images', test: null },
      limit: { train: null, test: null },
      image: image(32),
      source_image: image(32),
    },
    stages: [
      { ...stage, name: 'head', freeze, clip: { kind: 'global_norm', limit: 1 } },
      { ...stage, name: 'fine', freeze: { ...freeze, except: { kind: 'last', count: 4 } }, label_smoothing: 0.1 },
    ],
  };
};

exporting(
  'keras with the training: a program with data, augmentation, frozen layers, optimizer and callbacks',
  async ({ folder }) => {
    const { folder: from } = await finishRun(folder, { run: transferRun(), source: image(32) });
    const out = join(folder, 'keras');
    await exportRun(from, { ...plain, to: 'keras', out, train: true });
    const text = readFileSync(join(out, 'train.py'), 'utf8');
    for (const part of [
      'images, labels = read("/images")\n',
      '    backbone = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(32, 32, 3))\n',
      '            layer.momentum = 0.9\n',
      '    x = layers.GlobalAveragePooling2D(name="global_average_pooling2d")(backbone.output)\n',
      'layers.RandomRotation((-0.05, 0.05), fill_mode="reflect")',
      '    layer.trainable = layer.name not in backbone\n',
      'trained = set(["block_16_project_BN", "Conv_1", "Conv_1_bn", "out_relu"])\n',
      'keras.optimizers.Adam(learning_rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, global_clipnorm=1)',
      'loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1)',
      'keras.callbacks.EarlyStopping(monitor="val_loss", patience=2,',
      '    validation_split=0.2,\n',
    ]) {
      assert.ok(text.includes(part), part);
    }
  },
);

exporting('keras with the training is refused where Keras has no word, all reasons at once', async ({ folder }) => {
  const base = transferRun();
  const run: RunPlan = {
    ...base,
    augment: [{ kind: 'brightness', factor: [0.8, 1.2] }],
    data: { ...base.data, source: { kind: 'digits' }, limit: { train: 100, test: null } },
    stages: base.stages.map((stage) => ({
      ...stage,
      learning_rate: { ...stage.learning_rate, backbone_factor: 0.1 },
    })),
  };
  const { folder: from } = await finishRun(folder, { run, source: image(8, 1) });
  const out = join(folder, 'keras');
  const error = await exportRun(from, { ...plain, to: 'keras', out, train: true }).catch((thrown: unknown) => thrown);
  assert.instance(error, SessionError);
  assert.match(
    (error as SessionError).message,
    /^Keras cannot say the training of .*: export the model without --train$/,
  );
  assert.equal((error as SessionError).details, [
    'source `digits`: Keras has no data set `digits`',
    "`limit`: the choice of images is tlp's own",
    "augment `brightness`: Keras' RandomBrightness adds where `brightness` multiplies",
    'stage "head": an optimizer of Keras has one learning rate for all layers',
    'stage "fine": an optimizer of Keras has one learning rate for all layers',
  ]);
  assert.not.ok(existsSync(out));
});

exporting('an export is never half there and replaces nothing by accident', async ({ folder }) => {
  const { folder: from } = await finishRun(folder);
  const fails = async (how: Parameters<typeof exportRun>[1], message: RegExp): Promise<void> => {
    const before = readdirSync(folder);
    const error = await exportRun(from, how).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof SessionError || error instanceof RunFolderError, String(error));
    assert.match((error as Error).message, message);
    assert.equal(readdirSync(folder), before);
  };
  const out = join(folder, 'model.safetensors');
  await exportRun(from, { ...plain, to: 'safetensors', out });
  await fails(
    { ...plain, to: 'safetensors', out },
    /is there already: choose another place with --out, or replace it with --force/,
  );
  writeFileSync(out, 'old');
  await exportRun(from, { ...plain, to: 'safetensors', out, force: true });
  assert.ok(readFileSync(out).length > 100);
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'letter.txt'), 'dear');
  await fails({ ...plain, to: 'tfjs', out: home, force: true }, /holds letter.txt, which is of no export/);
  assert.ok(existsSync(join(home, 'letter.txt')));
  await fails({ ...plain, to: 'tfjs', out: join(out, 'below') }, /cannot be made because a file is in the way/);
  await fails({ ...plain, to: 'onnx', train: true }, /--train is for --to keras: ONNX holds no program that trains/);
  await fails({ ...plain, to: 'tfjs', preprocess: 'outside' }, /--preprocess is for --to onnx/);
  writeFileSync(join(from, 'model/weights.bin'), 'short');
  await fails({ ...plain, to: 'onnx', out: join(folder, 'x.onnx') }, /weights.bin is not as the run left it/);
});

exporting('what tfjs cannot say is refused with the layer and the reason', async ({ folder }) => {
  const base = digitsRun();
  const run = { ...base, backbone: own(layer.conv(8, 3, { activation: 'exponential' })) };
  const { folder: from } = await finishRun(folder, { run });
  const error = await exportRun(from, { ...plain, to: 'tfjs', out: join(folder, 'web') }).catch((e: unknown) => e);
  assert.instance(error, SessionError);
  assert.match(
    (error as SessionError).message,
    /^TensorFlow.js cannot say the model of .*: export it to another format/,
  );
  assert.equal((error as SessionError).details, ['conv2d: tfjs-layers has no exponential activation']);
  assert.not.ok(existsSync(join(folder, 'web')));
});

exporting.run();
