// What an exported model is held to: images of noise through tlp's own kernel and the run's own graph; and runs to export.
import * as ort from 'onnxruntime-node';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import { buildPreprocess } from '../../src/compiler/kernels/build-preprocess.ts';
import { emitKernel } from '../../src/compiler/kernels/emit-kernel.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { bindInitializers } from '../../src/compiler/onnx/bind.ts';
import { encodeOnnx } from '../../src/compiler/onnx/encode.ts';
import type { ImageShape, RunPlan } from '../../src/compiler/plan/plan.ts';
import { fitImage } from '../../src/runtime/data/files/fit-image.ts';
import { toGraph } from '../../src/runtime/engine/onnx/layout.ts';
import { compileKernel } from '../../src/runtime/loader/compile-kernel.ts';
import { stream } from '../../src/runtime/random.ts';
import { digitsRun } from './digits-plan.ts';
import type { FinishedRun } from './finished-run.ts';
import { image, layer, own } from './run-plan.ts';

/** Noise, so that every pixel counts: height x width x 3 bytes. */
export const noise = (height: number, width: number): Uint8Array => {
  const draw = stream(5, 'noise', height * 1000 + width);
  return Uint8Array.from({ length: height * width * 3 }, () => Math.floor(256 * draw()));
};

/** As anyone opens a model. */
export const sessionOf = (
  model: Uint8Array,
  extra: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> => {
  const options: ort.InferenceSession.SessionOptions = { logSeverityLevel: 3, intraOpNumThreads: 1 };
  return ort.InferenceSession.create(model, Object.assign(options, extra));
};

/** As the engine opens one, see graphs.ts. */
const engineOptions = { extra: { optimization: { disable_specified_optimizers: 'Pad_Fusion' } } } as const;

/** As tlp evaluates: an image is fitted to the source's size, the fused kernel prepares it. */
export const prepare = (run: RunPlan, source: ImageShape, height: number, width: number): Float32Array => {
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
export const predict = async ({ run, weights }: FinishedRun, pixels: Float32Array): Promise<Float32Array> => {
  const { predict: graph, state } = buildStageGraphs(buildRunLayers(run), run.stages[0]!, 0);
  const constants = state.flatMap((tensor) => {
    const values = graph.inputs.includes(tensor.name) ? weights.get(tensor.name) : undefined;
    return values === undefined ? [] : [{ name: tensor.name, shape: tensor.shape, data: toGraph(tensor, values) }];
  });
  const session = await sessionOf(
    bindInitializers(encodeOnnx(graph, new Set(constants.map(({ name }) => name))), constants),
    engineOptions,
  );
  const { height, width, channels } = run.data.image;
  const { probabilities } = await session.run({
    images: new ort.Tensor('float32', pixels, [1, channels, height, width]),
  });
  await session.release();
  return probabilities!.data as Float32Array;
};

/** A run whose logits are far apart, so that a pixel that is off shows in the probabilities. */
export const colourRun = (resize: RunPlan['data']['resize'], shape = image(12)): RunPlan => {
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

export const bilinear = { interpolation: 'bilinear', antialias: false } as const;
export const smooth = { interpolation: 'bilinear', antialias: true } as const;
export const nearest = { interpolation: 'nearest', antialias: false } as const;

/** Of values below zero too: onnxruntime must not pad the pooling itself. */
const paddedRun = (): RunPlan => {
  const pooled = own(layer.conv(6, 3), layer.zeroPadding(1), layer.maxPool(3, { stride: [2, 2] }));
  return { ...colourRun(nearest), backbone: pooled };
};

/** The run, and what its images are brought to first. */
export const replayCases: readonly (readonly [name: string, run: RunPlan, source: ImageShape])[] = [
  ['digits, which are grey', digitsRun(), image(8, 1)],
  ['colours in another order', colourRun(bilinear), image(12)],
  ['with antialias', colourRun(smooth), image(12)],
  ['the nearest pixel', colourRun(nearest), image(12)],
  ['grey images', colourRun(smooth, image(12, 1)), image(12, 1)],
  ['images of one smaller size', colourRun(bilinear), image(7)],
  ['images of one larger size, antialias', colourRun(smooth), image(31, 3)],
  ['grey images that become colours', colourRun(nearest), image(9, 1)],
  ['zero padding before max pooling', paddedRun(), image(12)],
];
