// Callbacks against the golden sequences of Keras 3.15 (docs/facts/keras.md, "Callbacks").
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EarlyStoppingPlan, ReduceLrPlan } from '../../../../src/compiler/plan/plan.ts';
import { checkpoint, startCheckpoint } from '../../../../src/runtime/trainer/callbacks/checkpoint.ts';
import {
  type EarlyStoppingDecision,
  earlyStopping,
  startEarlyStopping,
} from '../../../../src/runtime/trainer/callbacks/early-stopping.ts';
import { isImprovement } from '../../../../src/runtime/trainer/callbacks/improvement.ts';
import { reduceLr, startReduceLr } from '../../../../src/runtime/trainer/callbacks/reduce-lr.ts';

const stopPlan: EarlyStoppingPlan = {
  monitor: 'val_loss',
  patience: 0,
  min_delta: 0,
  mode: 'min',
  baseline: null,
  restore_best: false,
  start_from_epoch: 0,
};

/** Runs the values through the machine until it stops. */
const runStopping = (changes: Partial<EarlyStoppingPlan>, values: readonly (number | null)[]) => {
  let state = startEarlyStopping;
  const decisions: (readonly EarlyStoppingDecision[])[] = [];
  for (const [epoch, value] of values.entries()) {
    const answer = earlyStopping({ ...stopPlan, ...changes }, state, value, epoch);
    state = answer.state;
    decisions.push(answer.decisions);
    if (answer.decisions.includes('stop')) return { stopped: epoch, state, decisions };
  }
  return { stopped: null, state, decisions };
};

const stopping = suite('early stopping as Keras 3');

stopping('patience 2 stops at epoch index 3, best .9 at epoch 1', () => {
  const { stopped, state } = runStopping({ patience: 2 }, [1, 0.9, 0.95, 0.92, 0.91, 0.8]);
  assert.is(stopped, 3);
  assert.is(state.best, 0.9);
  assert.is(state.bestEpoch, 1);
});

stopping('patience 0 stops at the first epoch from 1 on that does not improve', () => {
  assert.is(runStopping({}, [1, 0.9, 0.8, 0.85]).stopped, 3);
  assert.is(runStopping({}, [1, 1]).stopped, 1);
});

stopping('min_delta .1: 1 to 0.9 is no improvement', () => {
  assert.is(runStopping({ min_delta: 0.1, patience: 2 }, [1, 0.95, 0.9, 0.89]).stopped, 2);
});

stopping('the sign of min_delta does not matter', () => {
  assert.is(runStopping({ min_delta: -0.1, patience: 2 }, [1, 0.95, 0.9, 0.89]).stopped, 2);
});

stopping('with a baseline, improving on the best returns before the stop check', () => {
  const { stopped, state } = runStopping({ baseline: 0.5, patience: 2 }, [1, 0.9, 0.8, 0.7, 0.4]);
  assert.is(stopped, null);
  assert.is(state.wait, 0, 'beating the baseline resets the count');
});

stopping('a baseline that is not beaten keeps counting', () => {
  assert.is(runStopping({ baseline: 0.5, patience: 2 }, [1, 0.9, 0.95]).stopped, 2);
});

stopping('start_from 3, patience 1, rising values: stops at index 4', () => {
  assert.is(runStopping({ start_from_epoch: 3, patience: 1 }, [1, 2, 3, 4, 5, 6]).stopped, 4);
});

stopping('mode max follows accuracy upward', () => {
  assert.is(runStopping({ mode: 'max', monitor: 'val_accuracy', patience: 1 }, [0.1, 0.5, 0.4]).stopped, 2);
});

stopping('a value that was not measured changes nothing', () => {
  assert.equal(earlyStopping(stopPlan, startEarlyStopping, null, 4), { state: startEarlyStopping, decisions: [] });
});

stopping('weights are stored at each improvement when they are to be restored, never otherwise', () => {
  const values = [1, 0.9, 0.95, 0.8];
  assert.equal(runStopping({ patience: 5, restore_best: true }, values).decisions, [
    ['store'],
    ['store'],
    [],
    ['store'],
  ]);
  assert.equal(runStopping({ patience: 5 }, values).decisions, [[], [], [], []]);
});

stopping.run();

const reducePlan: ReduceLrPlan = {
  monitor: 'val_loss',
  factor: 0.1,
  patience: 2,
  min_delta: 1e-4,
  mode: 'min',
  cooldown: 0,
  min_lr: 0,
};

const rates = (changes: Partial<ReduceLrPlan>, values: readonly number[]): number[] => {
  let state = startReduceLr;
  let rate = 1;
  return values.map((value) => {
    const answer = reduceLr({ ...reducePlan, ...changes }, state, value, rate);
    state = answer.state;
    rate = answer.decisions[0]?.learningRate ?? rate;
    return Number(rate.toPrecision(6));
  });
};

const reducing = suite('reduce_lr_on_plateau as Keras 3');
const ones = (count: number): number[] => new Array<number>(count).fill(1);

reducing('patience 2 on a constant', () => {
  assert.equal(rates({}, ones(7)), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001]);
});

reducing('patience 2, cooldown 2', () => {
  assert.equal(rates({ cooldown: 2 }, ones(10)), [1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001]);
});

reducing('patience 1, min_lr .05', () => {
  assert.equal(rates({ patience: 1, min_lr: 0.05 }, ones(5)), [1, 0.1, 0.05, 0.05, 0.05]);
});

reducing('an improvement resets the count; one smaller than min_delta does not', () => {
  assert.equal(rates({}, [1, 1, 0.9, 0.9, 0.9]), [1, 1, 1, 1, 0.1]);
  assert.equal(rates({}, [1, 0.99995, 0.99992]), [1, 1, 0.1]);
});

reducing('a value that was not measured changes nothing', () => {
  assert.equal(reduceLr(reducePlan, startReduceLr, null, 1), { state: startReduceLr, decisions: [] });
});

reducing.run();

const saving = suite('checkpoint as Keras 3');

saving('saves every epoch, or those that beat the best without any delta', () => {
  const run = (best: boolean) => {
    let state = startCheckpoint;
    return [1, 0.9, 0.9, 0.8999].map((value) => {
      const answer = checkpoint({ monitor: 'val_loss', mode: 'min', save_best_only: best }, state, value);
      state = answer.state;
      return answer.decisions.length;
    });
  };
  assert.equal(run(false), [1, 1, 1, 1]);
  assert.equal(run(true), [1, 1, 0, 1]);
});

saving('saves when the monitor was not measured', () => {
  const plan = { monitor: 'val_loss', mode: 'min', save_best_only: true } as const;
  assert.equal(checkpoint(plan, { best: 0.1 }, null).decisions, ['save']);
});

saving.run();

const improvement = suite('improvement');

improvement('strict in both directions', () => {
  assert.is(isImprovement(1, null, 0, 'min'), true);
  assert.is(isImprovement(1, 1, 0, 'min'), false);
  assert.is(isImprovement(0.5, 1, 0.5, 'min'), false);
  assert.is(isImprovement(1.5, 1, 0.4, 'max'), true);
  assert.is(isImprovement(1.5, 1, 0.5, 'max'), false);
});

improvement.run();
