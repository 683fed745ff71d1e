// Five transfer-learning notebooks in the language, faithful: each is planned, and its pitfalls are warnings.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';

const test = suite('notebooks');

const warningsOf = (text: string) => {
  const { plan, diagnostics } = checkText(text, 'notebook.tlp');
  assert.ok(plan !== null, diagnostics.map((d) => `${d.span.start} ${d.message}`).join('\n'));
  assert.equal(verifyPlan(plan), []);
  return { plan, names: diagnostics.map((d) => d.name) };
};

test('VGG16 on CIFAR-10, three ways', () => {
  const { plan, names } = warningsOf(`
data { source cifar10; normalize unit; validation test }
backbone vgg16 { weights imagenet }
head linear { flatten }
head mlp { flatten; dense 256 relu; dropout 50% }
schedule { batch 64; epochs 10; optimizer adam }
run "A: no training" { head linear; freeze backbone; epochs 0 }
run "B: feature extraction" { head mlp; freeze backbone }
run "C: fine-tuning" { head mlp; freeze none; optimizer adam(lr: 1e-5) }`);
  assert.is(plan.runs.length, 3);
  assert.equal(names, ['tiny-feature-map', 'normalization-mismatch', 'test-split-as-validation']);
});

test('a small CNN against MobileNetV2', () => {
  const { plan, names } = warningsOf(`
seed 42
data { source cifar10; normalize unit; validation test }
backbone cnn { conv 32 3x3 same relu; max_pool 2x2; conv 64 3x3 same relu; max_pool 2x2 }
backbone mobilenetv2 { weights imagenet }
head mlp { flatten; dense 512 relu }
head linear { flatten }
schedule {
  batch 128
  epochs 10
  optimizer adam(lr: 1e-3)
  early_stopping(monitor: val_accuracy, patience: 3, restore_best: true)
}
schedule phases {
  batch 128
  early_stopping(monitor: val_accuracy, patience: 3, restore_best: true)
  stage "transfer" { freeze backbone; epochs 10; optimizer adam(lr: 1e-3) }
  stage "last layers" { freeze backbone except last 10 layers; epochs 10; optimizer adam(lr: 1e-4) }
}
run "CNN" { backbone cnn; head mlp; freeze none }
run "MobileNetV2" { backbone mobilenetv2; head linear; schedule phases }`);
  assert.equal(
    plan.runs.map((run) => [run.seed, run.stages.length]),
    [
      [42, 1],
      [42, 2],
    ],
  );
  assert.equal(names, ['tiny-feature-map', 'normalization-mismatch', 'test-split-as-validation']);
});

test('ResNet50 with three heads', () => {
  const { plan, names } = warningsOf(`
data { source shapes(classes: 5, train: 400, test: 100); size 224x224; validation 20% of train }
backbone resnet50 { weights none }
head small { global_average_pooling; dense 128 relu }
head wide { flatten; dense 512 relu; dropout 30%; dense 256 relu }
head regular { global_average_pooling; batch_normalization; dense 256 relu; dropout 50%; dense 64 relu }
schedule {
  batch 32
  epochs 20
  early_stopping(monitor: val_loss, patience: 5, restore_best: true)
  reduce_lr_on_plateau(monitor: val_loss, factor: 0.5, patience: 2, min_lr: 1e-6)
}
run "small" { head small; optimizer adam(lr: 1e-3) }
run "wide" { head wide; optimizer adam(lr: 5e-4) }
run "regular" { head regular; optimizer adam(lr: 8e-4); epochs 25 }`);
  assert.is(plan.runs[2]!.stages[0]!.epochs, 25);
  assert.equal(names, ['flatten-larger-than-backbone']);
});

test('with and without augmentation, with and without transfer', () => {
  const { plan, names } = warningsOf(`
data { source cifar10; normalize unit; validation test }
augment moved { rotate 20deg (fill: nearest); shift 20% (fill: nearest); flip horizontal }
backbone cnn { conv 32 3x3 relu; max_pool 2x2; conv 64 3x3 relu; max_pool 2x2; conv 64 3x3 relu }
backbone vgg16 { weights imagenet }
head cnn { flatten; dense 64 relu }
head vgg { flatten; dense 256 relu; dropout 50% }
schedule { batch 64; epochs 10; optimizer adam }
run "CNN" { backbone cnn; head cnn; augment none }
run "CNN, augmented" continues "CNN" { backbone cnn; head cnn; augment moved }
run "VGG16" { backbone vgg16; head vgg; freeze backbone; augment none }
run "VGG16, augmented" continues "VGG16" { backbone vgg16; head vgg; freeze backbone; augment moved }`);
  assert.equal(
    plan.runs.map((run) => [run.continues, run.augment.length]),
    [
      [null, 0],
      ['CNN', 3],
      [null, 0],
      ['VGG16', 3],
    ],
  );
  assert.equal(names, ['tiny-feature-map', 'normalization-mismatch', 'test-split-as-validation']);
});

test('MNIST: three backbones against a CNN', () => {
  const { plan, names } = warningsOf(`
seed 42
data { source mnist; size 32x32; normalize unit; validation 10% of train }
data grey { source mnist; size 32x32; channels 1; normalize unit; validation 10% of train }
backbone vgg16 { weights imagenet }
backbone resnet50 { weights imagenet }
backbone mobilenetv2 { weights imagenet }
backbone cnn {
  conv 32 3x3 same relu
  max_pool 2x2
  conv 64 3x3 same relu
  max_pool 2x2
  conv 128 3x3 same relu
}
head vgg { global_average_pooling; dropout 50%; dense 256 relu; dropout 30% }
head resnet { global_average_pooling; dropout 50%; dense 256 relu; batch_normalization; dropout 30% }
head mobile { global_average_pooling; dropout 40%; dense 128 relu; dropout 20% }
head cnn { flatten; dense 256 relu; dropout 50% }
schedule { batch 128; epochs 10; optimizer adam(lr: 1e-4); early_stopping(monitor: val_loss, patience: 3) }
run "VGG16" { backbone vgg16; head vgg; freeze backbone }
run "ResNet50" { backbone resnet50; head resnet; freeze backbone }
run "MobileNetV2" { backbone mobilenetv2; head mobile; freeze backbone }
run "CNN" { data grey; backbone cnn; head cnn; optimizer adam(lr: 1e-3) }
run "VGG16, fine-tuned" {
  backbone vgg16
  head vgg
  freeze backbone except last 4 layers
  optimizer adam(lr: 1e-5)
  epochs 5
}`);
  assert.equal(
    plan.runs.map((run) => run.data.image.channels),
    [3, 3, 3, 1, 3],
  );
  assert.equal(names, [...Array(3).fill('tiny-feature-map'), ...Array(3).fill('normalization-mismatch')]);
});

test.run();
