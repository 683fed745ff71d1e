// RunPlan literals for tests: networks without a source file.
import type {
  BackbonePlan,
  FreezePlan,
  ImageShape,
  LayerPlan,
  RunPlan,
  StagePlan,
} from '../../src/compiler/plan/plan.ts';

const kernel = {
  kernel_initializer: { kind: 'glorot_uniform' },
  kernel_regularizer: null,
  use_bias: true,
  bias_initializer: { kind: 'zeros' },
  activation: 'linear',
} as const;

type PlanOf<K, P = LayerPlan> = P extends { readonly kind: infer N } ? (K extends N ? P : never) : never;

/** Layer plans with the language's defaults. */
export const layer = {
  conv: (filters: number, size: number, how: Partial<PlanOf<'conv'>> = {}): LayerPlan => ({
    kind: 'conv',
    filters,
    kernel: [size, size],
    stride: [1, 1],
    padding: 'valid',
    dilation: [1, 1],
    groups: 1,
    ...kernel,
    name: null,
    ...how,
  }),
  depthwise: (size: number, how: Partial<PlanOf<'depthwise_conv'>> = {}): LayerPlan => ({
    kind: 'depthwise_conv',
    kernel: [size, size],
    stride: [1, 1],
    padding: 'valid',
    dilation: [1, 1],
    multiplier: 1,
    ...kernel,
    name: null,
    ...how,
  }),
  separable: (filters: number, size: number, how: Partial<PlanOf<'separable_conv'>> = {}): LayerPlan => ({
    kind: 'separable_conv',
    filters,
    kernel: [size, size],
    stride: [1, 1],
    padding: 'valid',
    dilation: [1, 1],
    multiplier: 1,
    ...kernel,
    name: null,
    ...how,
  }),
  dense: (units: number, how: Partial<PlanOf<'dense'>> = {}): LayerPlan => ({
    kind: 'dense',
    units,
    ...kernel,
    name: null,
    ...how,
  }),
  maxPool: (size: number, how: Partial<PlanOf<'max_pool'>> = {}): LayerPlan => ({
    kind: 'max_pool',
    size: [size, size],
    stride: [size, size],
    padding: 'valid',
    name: null,
    ...how,
  }),
  batchNorm: (): LayerPlan => ({
    kind: 'batch_normalization',
    momentum: 0.99,
    epsilon: 1e-3,
    center: true,
    scale: true,
    name: null,
  }),
  layerNorm: (): LayerPlan => ({ kind: 'layer_normalization', epsilon: 1e-3, center: true, scale: true, name: null }),
  dropout: (rate: number): LayerPlan => ({ kind: 'dropout', rate, name: null }),
  spatialDropout: (rate: number): LayerPlan => ({ kind: 'spatial_dropout', rate, name: null }),
  activation: (activation: PlanOf<'activation'>['activation']): LayerPlan => ({
    kind: 'activation',
    activation,
    name: null,
  }),
  zeroPadding: (size: number): LayerPlan => ({
    kind: 'zero_padding',
    top: size,
    bottom: size,
    left: size,
    right: size,
    name: null,
  }),
  reshape: (...shape: number[]): LayerPlan => ({ kind: 'reshape', shape, name: null }),
  rescaling: (scale: number, offset: number): LayerPlan => ({ kind: 'rescaling', scale, offset, name: null }),
  flatten: (): LayerPlan => ({ kind: 'flatten', name: null }),
  gap: (): LayerPlan => ({ kind: 'global_average_pooling', name: null }),
  merge: (kind: 'add' | 'concatenate' | 'multiply', ...branches: LayerPlan[][]): LayerPlan => ({
    kind,
    branches,
    name: null,
  }),
};

/** `global_average_pooling`, softmax over the classes. */
export function simpleHead(classes = 10): readonly LayerPlan[] {
  return [layer.gap(), layer.dense(classes, { activation: 'softmax', name: 'predictions' })];
}

/** Without weights, and its batch norms as Keras builds them. */
export function known(name: Extract<BackbonePlan, { kind: 'known' }>['name']): BackbonePlan {
  return { kind: 'known', name, weights: { kind: 'none', batch_norm_momentum: null, zero_residual: false } };
}

export function own(...layers: LayerPlan[]): BackbonePlan {
  return { kind: 'own', name: 'cnn', layers, weights: { kind: 'none' } };
}

export function image(size: number, channels = 3): ImageShape {
  return { height: size, width: size, channels };
}

export const freezeNone: FreezePlan = { kind: 'none', count: null, except: null, batch_norm: 'train' };

const stage: StagePlan = {
  name: 'training',
  freeze: freezeNone,
  epochs: 1,
  batch: 32,
  optimizer: { kind: 'sgd', lr: 0.01, momentum: 0, nesterov: false, weight_decay: 0 },
  learning_rate: { schedule: { kind: 'constant' }, warmup_epochs: 0, backbone_factor: 1 },
  keep_optimizer: false,
  clip: { kind: 'none' },
  label_smoothing: 0,
  ema: null,
  early_stopping: null,
  reduce_lr_on_plateau: null,
  checkpoint: null,
};

/** A run of this network; the rest are plain defaults. */
export function runPlan(
  backbone: BackbonePlan,
  shape: ImageShape,
  head: readonly LayerPlan[] = simpleHead(),
  how: Partial<RunPlan> = {},
): RunPlan {
  return {
    name: 'run',
    sweep: null,
    continues: null,
    seed: 1,
    data: {
      source: { kind: 'shapes', classes: 10, train: 100, test: 20, seed: 1 },
      only_classes: null,
      classes: 10,
      image: shape,
      source_image: shape,
      resize: { interpolation: 'bilinear', antialias: false },
      normalize: { kind: 'unit', order: 'rgb', scale: [1 / 255], offset: [0] },
      validation: { kind: 'fraction', fraction: 0.2, stratified: false },
      limit: { train: null, test: null },
      class_weights: 'none',
    },
    augment: [],
    views: null,
    backbone,
    head,
    stages: [stage],
    ...how,
  };
}
