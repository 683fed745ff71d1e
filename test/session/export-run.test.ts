// Finished runs in other formats: ONNX on images of several sizes against tlp's own kernel and graph, weights read back, refusals.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import { buildPreprocess } from '../../src/compiler/kernels/build-preprocess.ts';
import { emitKernel } from '../../src/compiler/kernels/emit-kernel.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { bindInitializers } from '../../src/compiler/onnx/bind.ts';
import { encodeOnnx } from '../../src/compiler/onnx/encode.ts';
import { ModelProto } from '../../src/compiler/onnx/proto.ts';
import type { ImageShape, RunPlan } from '../../src/compiler/plan/plan.ts';
import { parseTensorHeader } from '../../src/runtime/checkpoint/safetensors.ts';
import { fitImage } from '../../src/runtime/data/files/fit-image.ts';
import { toGraph } from '../../src/runtime/engine/onnx/layout.ts';
import { compileKernel } from '../../src/runtime/loader/compile-kernel.ts';
import { stream } from '../../src/runtime/random.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { loadWeights } from '../../src/runtime/weights/load-weights.ts';
import { exportRun } from '../../src/session/export-run.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { digitsRun } from '../support/digits-plan.ts';
import { type FinishedRun, finishRun } from '../support/finished-run.ts';
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

/** Noise, so that every pixel counts: height x width x 3 bytes. */
const noise = (height: number, width: number): Uint8Array => {
  const draw = stream(5, 'noise', height * 1000 + width);
  return Uint8Array.from({ length: height * width * 3 }, () => Math.floor(256 * draw()));
};

const sessionOf = (model: Uint8Array): Promise<ort.InferenceSession> =>
  ort.InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 });

/** As tlp evaluates: an image is fitted to the source's size, the fused kernel prepares it. */
const prepare = (run: RunPlan, source: ImageShape, height: number, width: number): Float32Array => {
  const { image: output, resize } = run.data;
  const fitted = fitImage({ height, width, channels: 3, bytes: noise(height, width) }, { image: source, ...resize });
  const kernel = compileKernel(
    emitKernel(buildPreprocess({ data: run.data, augment: [] }, 'evaluate', 'nchw', source)),
  );
  const into = new Float32Array(output.height * output.width * output.channels);
  kernel(fitted, into, 0, () => 0);
  return into;
};

/** The `predict` graph of the run's stage with all weights, as training's own evaluation has them. */
const predict = async ({ run, weights }: FinishedRun, pixels: Float32Array): Promise<Float32Array> => {
  const { predict: graph, state } = buildStageGraphs(buildRunLayers(run), run.stages[0]!, 0);
  const constants = state.flatMap((tensor) => {
    const values = graph.inputs.includes(tensor.name) ? weights.get(tensor.name) : undefined;
    return values === undefined ? [] : [{ name: tensor.name, shape: tensor.shape, data: toGraph(tensor, values) }];
  });
  const session = await sessionOf(
    bindInitializers(encodeOnnx(graph, new Set(constants.map(({ name }) => name))), constants),
  );
  const { height, width, channels } = run.data.image;
  const { probabilities } = await session.run({
    images: new ort.Tensor('float32', pixels, [1, channels, height, width]),
  });
  await session.release();
  return probabilities!.data as Float32Array;
};

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  assert.is(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

/** A run whose logits are far apart, so that a pixel that is off shows in the probabilities. */
const colourRun = (resize: RunPlan['data']['resize'], shape = image(12)): RunPlan => {
  const base = digitsRun();
  return {
    ...base,
    backbone: own(layer.conv(6, 3, { activation: 'relu' }), layer.batchNorm(), layer.maxPool(2)),
    data: {
      ...base.data,
      image: shape,
      source_image: shape,
      resize,
      normalize: { kind: 'unit', order: shape.channels === 3 ? 'bgr' : 'rgb', scale: [1 / 64], offset: [-1] },
    },
  };
};

const bilinear = { interpolation: 'bilinear', antialias: false } as const;
const smooth = { interpolation: 'bilinear', antialias: true } as const;
const nearest = { interpolation: 'nearest', antialias: false } as const;

/** The run, and what its images are brought to first. */
const cases: readonly (readonly [name: string, run: RunPlan, source: ImageShape])[] = [
  ['digits, which are grey', digitsRun(), image(8, 1)],
  ['colours in another order', colourRun(bilinear), image(12)],
  ['with antialias', colourRun(smooth), image(12)],
  ['the nearest pixel', colourRun(nearest), image(12)],
  ['grey images', colourRun(smooth, image(12, 1)), image(12, 1)],
  ['images of one smaller size', colourRun(bilinear), image(7)],
  ['images of one larger size, antialias', colourRun(smooth), image(31, 3)],
  ['grey images that become colours', colourRun(nearest), image(9, 1)],
];

for (const [name, run, source] of cases) {
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
  await fails({ ...plain, to: 'tfjs', preprocess: 'outside' }, /--preprocess is for --to onnx/);
  writeFileSync(join(from, 'model/weights.bin'), 'short');
  await fails({ ...plain, to: 'onnx', out: join(folder, 'x.onnx') }, /weights.bin has 5 bytes/);
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
