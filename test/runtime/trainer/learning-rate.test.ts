// Learning-rate schedules against PyTorch 2.13 (optim.lr_scheduler) and Keras 3.15 (optimizers.schedules), run with lr 1.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LearningRatePlan } from '../../../src/compiler/plan/plan.ts';
import { learningRateFactor } from '../../../src/runtime/trainer/learning-rate.ts';

/** Factors of all steps of a stage. */
const factors = (
  schedule: LearningRatePlan['schedule'],
  stage: { readonly epochs: number; readonly stepsPerEpoch: number; readonly warmup?: number },
): number[] => {
  const { epochs, stepsPerEpoch, warmup = 0 } = stage;
  const plan = { schedule, warmup_epochs: warmup, backbone_factor: 1 };
  return Array.from({ length: epochs * stepsPerEpoch }, (_, i) =>
    learningRateFactor(plan, { epoch: Math.floor(i / stepsPerEpoch), step: i % stepsPerEpoch, stepsPerEpoch, epochs }),
  );
};

const agree = (actual: readonly number[], expected: readonly number[]): void => {
  assert.is(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) < 2e-7, `step ${i}: ${value} is not ${expected[i]}`);
  }
};

const schedules = suite('learning-rate schedules');

schedules('constant', () => {
  agree(factors({ kind: 'constant' }, { epochs: 2, stepsPerEpoch: 2 }), [1, 1, 1, 1]);
});

schedules('step: torch StepLR(2, gamma 0.5)', () => {
  const expected = [1, 1, 0.5, 0.5, 0.25, 0.25];
  agree(factors({ kind: 'step', every_epochs: 2, factor: 0.5 }, { epochs: 6, stepsPerEpoch: 1 }), expected);
});

schedules('step changes between epochs only', () => {
  const expected = [1, 1, 1, 0.5, 0.5, 0.5];
  agree(factors({ kind: 'step', every_epochs: 1, factor: 0.5 }, { epochs: 2, stepsPerEpoch: 3 }), expected);
});

schedules('exponential: keras ExponentialDecay(1, 3 steps, 0.9, staircase)', () => {
  const expected = [1, 1, 1, 0.9, 0.9, 0.9, 0.81, 0.81, 0.81];
  agree(factors({ kind: 'exponential', factor: 0.9 }, { epochs: 3, stepsPerEpoch: 3 }), expected);
});

schedules('cosine: keras CosineDecay(1, 8 steps, alpha 0.1)', () => {
  const expected = [1, 0.9657458, 0.8681981, 0.7222075, 0.55, 0.3777925, 0.2318019, 0.1342542];
  agree(factors({ kind: 'cosine', final: 0.1 }, { epochs: 2, stepsPerEpoch: 4 }), expected);
});

schedules('one_cycle: torch OneCycleLR(1, 10 steps, pct_start 0.3, div 25, final div 4)', () => {
  const expected = [0.04, 0.52, 1, 0.9509796, 0.8136275, 0.6151479, 0.3948521, 0.1963725, 0.0590204, 0.01];
  const plan = { kind: 'one_cycle', start: 0.04, final: 0.01, peak_at: 0.3 } as const;
  agree(factors(plan, { epochs: 2, stepsPerEpoch: 5 }), expected);
});

schedules('one_cycle: torch OneCycleLR(1, 8 steps, pct_start 0.5, div 10, final div 100)', () => {
  const expected = [0.1, 0.325, 0.775, 1, 0.8536998, 0.5005, 0.1473002, 0.001];
  const plan = { kind: 'one_cycle', start: 0.1, final: 0.001, peak_at: 0.5 } as const;
  agree(factors(plan, { epochs: 1, stepsPerEpoch: 8 }), expected);
});

schedules('warm-up: torch LinearLR(from 1/4, 3 iterations); the schedule begins after it', () => {
  const expected = [0.25, 0.5, 0.75, 1, 1, 1, 1, 1];
  agree(factors({ kind: 'constant' }, { epochs: 2, stepsPerEpoch: 4, warmup: 1 }), expected);
  const cosine = factors({ kind: 'cosine', final: 0.1 }, { epochs: 3, stepsPerEpoch: 4, warmup: 1 });
  agree(cosine.slice(4), [1, 0.9657458, 0.8681981, 0.7222075, 0.55, 0.3777925, 0.2318019, 0.1342542]);
});

schedules('half an epoch of warm-up', () => {
  const expected = [0.5, 1, 1, 1];
  agree(factors({ kind: 'constant' }, { epochs: 1, stepsPerEpoch: 4, warmup: 0.5 }), expected);
});

schedules('no factor is negative, above one or not a number, even in a stage of one step', () => {
  const all: LearningRatePlan['schedule'][] = [
    { kind: 'cosine', final: 0 },
    { kind: 'one_cycle', start: 0.1, final: 0, peak_at: 0.3 },
    { kind: 'step', every_epochs: 1, factor: 0.5 },
    { kind: 'exponential', factor: 0.5 },
  ];
  for (const schedule of all) {
    for (const warmup of [0, 1, 2]) {
      for (const value of factors(schedule, { epochs: 1, stepsPerEpoch: 1, warmup })) {
        assert.ok(value >= 0 && value <= 1, `${schedule.kind}: ${value}`);
      }
    }
  }
});

schedules.run();
