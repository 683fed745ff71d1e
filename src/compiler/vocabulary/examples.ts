// Table: an example for each part of a file: whole files. The reference shows them, and a test compiles them all.
import type { ConstructName } from './blocks.ts';

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
