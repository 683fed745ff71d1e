// Table: an example for each word, as it stands in its block. The reference shows them, and a test compiles them all.
import type { AugmentPlan, LayerPlan } from '../plan/plan.ts';
import type { backboneSettings } from './backbones.ts';
import type { ConstructName } from './blocks.ts';
import type { dataSettings } from './data.ts';
import type { rateSettings, stageSettings } from './schedule.ts';

/** Whole files. */
export const fileExamples: Readonly<Record<ConstructName | 'seed' | 'rules', string>> = {
  data: `data {
  source cifar10
  size 64x64
  validation 10% of train stratified
}

backbone cnn { conv 16 3x3 relu; max_pool 2x2 }
head { flatten }`,
  augment: `data { source cifar10; validation 10% of train }

augment {
  flip horizontal
  rotate 10deg
  shift 10% (fill: nearest)
}

backbone cnn { conv 16 3x3 relu; max_pool 2x2 }
head { flatten }`,
  backbone: `data { source cifar10; size 96x96; validation 10% of train }

backbone mobilenetv2 { weights imagenet }        // a known network

backbone cnn {                                   // one of your own layers
  conv 16 3x3 same relu
  max_pool 2x2
}

freeze backbone
head { global_average_pooling }

run "known" { backbone mobilenetv2 }
run "own" { backbone cnn; freeze none }`,
  freeze: `data { source cifar10; size 224x224; validation 10% of train }

backbone vgg16 { weights imagenet }

freeze backbone except block5_*

head { global_average_pooling }
schedule { optimizer adam(lr: 1e-5) }`,
  head: `data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }

head {
  flatten
  dense 64 relu
  dropout 30%
}                // a softmax layer over the classes follows`,
  schedule: `data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }
head { flatten }

schedule {
  batch 64
  epochs 20
  optimizer adam(lr: 1e-3)
  learning_rate cosine
  early_stopping(monitor: val_loss, patience: 5)
}`,
  stage: `data { source cifar10; size 96x96; validation 10% of train }
backbone mobilenetv2 { weights imagenet }
head { global_average_pooling; dropout 20% }

schedule {
  batch 64
  stage "feature extraction" { freeze backbone; epochs 10; optimizer adam(lr: 1e-3) }
  stage "fine-tuning" {
    freeze backbone except last 20 layers { batch_norm inference }
    epochs 5
    optimizer adam(lr: 1e-5)
  }
}`,
  run: `data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }

head small { flatten }
head large { flatten; dense 256 relu; dropout 50% }

run "small" { head small; epochs 5 }
run "large" { head large; epochs 20 }
run "large, slowly" continues "large" { head large; epochs 5; optimizer adam(lr: 1e-5) }`,
  let: `let width = 32
let rate = 1e-3

data { source digits; validation 15% of train }
backbone cnn { conv width 3x3 relu; conv width * 2 3x3 relu }
head { flatten }
schedule { optimizer adam(lr: rate / 2) }`,
  param: `param rate = 1e-3 in 1e-6..1e-1

data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }
head { flatten }
schedule { optimizer adam(lr: rate) }`,
  import: `import "common.tlp"                              // here: the data and the backbone

head { flatten; dense 64 relu }`,
  sweep: `param rate = 1e-3
param drop = 50%

data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }
head { flatten; dense 64 relu; dropout drop }
schedule { optimizer adam(lr: rate) }

sweep {                                          // 2 x 3 runs
  rate in [1e-2, 1e-3]
  drop in 20%..60% step 20%
}`,
  seed: `seed 7

data { source digits; validation 15% of train }
backbone cnn { conv 16 3x3 relu }
head { flatten }`,
  rules: `rules {
  test_split_as_validation off
  tiny_feature_map error
}

data { source digits; validation test }
backbone cnn { conv 16 3x3 relu }
head { flatten }`,
};

export const dataExamples: Readonly<Record<keyof typeof dataSettings | 'validation', string>> = {
  source: 'source folder("images/train", test: "images/test")',
  size: 'size 96x96',
  channels: 'channels 1',
  resize: 'resize bilinear (antialias: true)',
  normalize: 'normalize signed',
  limit: 'limit 1000 (test: 200)',
  class_weights: 'class_weights balanced',
  validation: 'validation 20% of train stratified',
};

export const backboneExamples: Readonly<Record<keyof typeof backboneSettings, string>> = {
  weights: 'weights imagenet',
};

export const freezeExamples: Readonly<Record<'batch_norm', string>> = {
  batch_norm: 'batch_norm inference',
};

export const augmentExamples: Readonly<Record<AugmentPlan['kind'], string>> = {
  flip: 'flip horizontal',
  rotate: 'rotate 20deg (fill: nearest)',
  shift: 'shift(x: 10%, y: 5%)',
  zoom: 'zoom 80%..120%',
  shear: 'shear 10deg',
  crop: 'crop 80%',
  brightness: 'brightness 20%',
  contrast: 'contrast 80%..120%',
  saturation: 'saturation 30%',
  hue: 'hue 10deg',
  channel_shift: 'channel_shift 20',
  blur: 'blur 2px (probability: 30%)',
  noise: 'noise 8',
  erase: 'erase 20% (probability: 50%)',
  mixup: 'mixup 0.2',
  cutmix: 'cutmix(alpha: 1, probability: 50%)',
  rand_augment: 'rand_augment(count: 2, magnitude: 9)',
};

/** As they stand in a backbone of one's own, before a head that begins with `flatten`. */
export const layerExamples: Readonly<Record<LayerPlan['kind'] | 'repeat', string>> = {
  conv: 'conv 32 3x3 same relu (stride: 2)',
  depthwise_conv: 'depthwise_conv 3x3 same relu6',
  separable_conv: 'separable_conv 64 3x3 same relu',
  dense: 'flatten\ndense 256 relu (kernel_regularizer: l2(1e-4))',
  batch_normalization: 'conv 32 3x3 (use_bias: false)\nbatch_normalization\nactivation relu',
  layer_normalization: 'layer_normalization(epsilon: 1e-6)',
  max_pool: 'max_pool 3x3 2x2 same',
  average_pool: 'average_pool 2x2',
  global_average_pooling: 'global_average_pooling',
  global_max_pooling: 'global_max_pooling',
  flatten: 'flatten',
  dropout: 'dropout 50%',
  spatial_dropout: 'conv 32 3x3 relu\nspatial_dropout 20%',
  activation: 'activation gelu',
  zero_padding: 'zero_padding 1',
  reshape: 'global_average_pooling\nreshape [1, 1, 3]',
  rescaling: 'rescaling(scale: 2, offset: -1)',
  add: 'conv 32 3x3 same relu\nadd {\n  { conv 32 3x3 same; batch_normalization }\n  {}\n}',
  concatenate: 'concatenate {\n  { conv 16 1x1 relu }\n  { conv 16 3x3 same relu }\n  { max_pool 3x3 1x1 same }\n}',
  multiply: 'conv 16 3x3 same relu\nmultiply {\n  {}\n  { conv 16 1x1 sigmoid }\n}',
  repeat: 'repeat 3 {\n  conv 32 3x3 same relu\n  batch_normalization\n}',
};

export const stageExamples: Readonly<Record<keyof typeof stageSettings | keyof typeof rateSettings, string>> = {
  epochs: 'epochs 20',
  batch: 'batch 64',
  optimizer: 'optimizer adamw(lr: 1e-3, weight_decay: 0.01)',
  keep_optimizer: 'stage "first" { epochs 5 }\nstage "second" { epochs 5; keep_optimizer true }',
  clip: 'clip global_norm 1',
  label_smoothing: 'label_smoothing 10%',
  ema: 'ema 99.9%',
  early_stopping: 'early_stopping(monitor: val_loss, patience: 5)',
  reduce_lr_on_plateau: 'reduce_lr_on_plateau(monitor: val_loss, factor: 50%, patience: 2)',
  checkpoint: 'checkpoint(monitor: val_accuracy)',
  learning_rate: 'learning_rate one_cycle(peak_at: 40%)',
  warmup_epochs: 'warmup_epochs 2',
  lr: 'lr(head: 1e-3, backbone: 1e-5)',
};

/** Words that are values, where more must be written than the word. */
export const valueExamples = {
  sources: {
    shapes: 'source shapes(classes: 5, train: 400, test: 100)',
    folder: 'source folder("images/train", test: "images/test")',
    csv: 'source csv("labels.csv", image: "file", label: "class")',
  },
  weights: { file: 'weights file("weights/mine.h5")' },
  learningRates: {
    step: 'learning_rate step(every_epochs: 10, factor: 50%)',
    exponential: 'learning_rate exponential(95%)',
    cosine: 'learning_rate cosine(final: 1%)',
  },
  optimizers: { sgd: 'optimizer sgd(lr: 0.1, momentum: 90%, nesterov: true)', adam: 'optimizer adam(lr: 1e-3)' },
  initializers: {
    constant: 'dense 64 (bias_initializer: constant(0.1))',
    random_normal: 'dense 64 (kernel_initializer: random_normal(0.02))',
  },
  regularizers: {
    l1: 'dense 64 (kernel_regularizer: l1(1e-5))',
    l2: 'dense 64 (kernel_regularizer: l2(1e-4))',
    l1_l2: 'dense 64 (kernel_regularizer: l1_l2(l1: 1e-5, l2: 1e-4))',
  },
} as const;
