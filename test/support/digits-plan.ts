// A plan that trains in seconds and has everything that keeps state between steps.
import type { LayerPlan, Plan, RunPlan } from '../../src/compiler/plan/plan.ts';
import { fakeStage } from './fake-engine.ts';
import { image, layer, own, runPlan } from './run-plan.ts';

/** Batch norm, dropout, Adam and early stopping: everything that keeps state between steps. */
export const digitsRun = (changes: Partial<RunPlan> = {}): RunPlan => {
  const base = runPlan(
    own(
      layer.conv(8, 3, { activation: 'relu', padding: 'same' }),
      { ...layer.batchNorm(), momentum: 0.8 } as LayerPlan,
      layer.maxPool(2),
    ),
    image(8, 1),
    [layer.flatten(), layer.dropout(0.25), layer.dense(10, { activation: 'softmax', name: 'predictions' })],
  );
  return {
    ...base,
    name: 'main',
    data: { ...base.data, source: { kind: 'digits' }, limit: { train: 300, test: 50 } },
    stages: [
      fakeStage({
        epochs: 3,
        batch: 32,
        optimizer: {
          kind: 'adam',
          lr: 1e-2,
          beta_1: 0.9,
          beta_2: 0.999,
          epsilon: 1e-7,
          amsgrad: false,
          weight_decay: 0,
        },
        early_stopping: {
          monitor: 'val_loss',
          patience: 2,
          min_delta: 0,
          mode: 'min',
          baseline: null,
          restore_best: true,
          start_from_epoch: 0,
        },
      }),
    ],
    ...changes,
  };
};

export const digitsPlan = (...runs: RunPlan[]): Plan => ({
  version: 1,
  pipeline: 'digits',
  runs: runs.length > 0 ? runs : [digitsRun()],
});
