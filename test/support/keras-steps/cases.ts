// The training that Keras was asked about: three steps of known backbones from tlp's seeded weights.
import type { LayersModel } from '../../../src/compiler/layers/layers.ts';
import type { BackboneName, RunPlan, StagePlan } from '../../../src/compiler/plan/plan.ts';
import { initialWeights } from '../../../src/runtime/init-weights.ts';
import { stream } from '../../../src/runtime/random.ts';
import { image, layer, runPlan } from '../run-plan.ts';

export const STEPS = 3;
export const BATCH = 8;

/** DenseNet121 is too badly conditioned at this size: weights off by a millionth change its second loss by 3%. */
export const kerasCases: readonly KerasCase[] = [
  { name: 'resnet50', size: 64, range: 1 },
  { name: 'mobilenetv2', size: 64, range: 1 },
  { name: 'convnexttiny', size: 32, range: 255 },
];

export interface KerasCase {
  readonly name: BackboneName;
  readonly size: number;
  /** Pixels are in 0..range. */
  readonly range: number;
}

/**
 * Seeded weights before training. A ConvNeXt starts with blocks scaled by 1e-6, normalizations at 1 and biases at 0, which would hide
 * all of them: there these values are drawn.
 */
export const startWeights = (model: LayersModel, seed: number): Map<string, Float32Array> => {
  const weights = initialWeights(model, seed);
  if (!model.layers.some(({ class_name }) => class_name === 'LayerScale')) return weights;
  for (const [name, values] of weights) {
    const middle = name.endsWith('/gamma') ? 0.5 : 0;
    if (!/\/(gamma|beta|bias)$/.test(name)) continue;
    const draw = stream(seed, 'init', `${name} of the test`);
    weights.set(
      name,
      values.map(() => middle + 0.4 * (draw() - 0.5)),
    );
  }
  return weights;
};

/** SGD with momentum at 0.01, five classes; `weights none` as the language has it. */
export const runOf = (name: BackboneName, size: number): RunPlan => {
  const weights = { kind: 'none', batch_norm_momentum: 0.9, zero_residual: true } as const;
  const head = [layer.gap(), layer.dense(5, { activation: 'softmax', name: 'predictions' })];
  const plan = runPlan({ kind: 'known', name, weights }, image(size), head);
  const optimizer = { kind: 'sgd', lr: 0.01, momentum: 0.9, nesterov: false, weight_decay: 0 } as const;
  return {
    ...plan,
    data: { ...plan.data, classes: 5 },
    stages: plan.stages.map((stage): StagePlan => ({ ...stage, batch: BATCH, optimizer })),
  };
};

/** Noise in 0..range, channels last: maps of 2x2 pixels leave batch norm few values, and these must not be near each other. */
export const noiseBatch = (
  { size, range }: KerasCase,
  step: number,
): { readonly images: Float32Array; readonly labels: Float32Array } => {
  const draw = stream(7, 'noise', step);
  const images = Float32Array.from({ length: BATCH * size * size * 3 }, () => range * draw());
  const labels = new Float32Array(BATCH * 5);
  for (let i = 0; i < BATCH; i += 1) labels[i * 5 + ((i * 3 + step) % 5)] = 1;
  return { images, labels };
};
