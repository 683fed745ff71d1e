// The three training steps that are measured here and in bench/peers: the same networks, batches and optimizer.

import type { LayerPlan, RunPlan, StagePlan } from '../src/compiler/plan/plan.ts';
import { image, known, layer, own, runPlan } from '../test/support/run-plan.ts';

export interface StepCase {
  readonly name: string;
  readonly batch: number;
  readonly run: RunPlan;
}

const adam = {
  kind: 'adam',
  lr: 1e-3,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
} as const;

const withAdam = (run: RunPlan, batch: number): RunPlan => ({
  ...run,
  stages: run.stages.map((stage): StagePlan => ({ ...stage, batch, optimizer: adam })),
});

const softmax = (classes: number): LayerPlan => layer.dense(classes, { activation: 'softmax', name: 'predictions' });
const relu = { activation: 'relu', padding: 'same' } as const;

/** VGG16 at 32x32 with a GAP head, the CNN of notebook N1, ResNet50 at 224x224 with a GAP head. */
export const stepCases: readonly StepCase[] = [
  {
    name: 'vgg16 32x32 batch 64',
    batch: 64,
    run: withAdam(runPlan(known('vgg16'), image(32), [layer.gap(), softmax(10)]), 64),
  },
  {
    name: 'cnn N1 32x32 batch 128',
    batch: 128,
    run: withAdam(
      runPlan(own(layer.conv(32, 3, relu), layer.maxPool(2), layer.conv(64, 3, relu), layer.maxPool(2)), image(32), [
        layer.flatten(),
        layer.dense(512, { activation: 'relu' }),
        softmax(10),
      ]),
      128,
    ),
  },
  {
    name: 'resnet50 224x224 batch 8',
    batch: 8,
    run: withAdam(runPlan(known('resnet50'), image(224), [layer.gap(), softmax(5)]), 8),
  },
];
