// The end of an epoch as a pure function: what the callbacks remember and decide, in their order.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StagePlan } from '../../../src/compiler/plan/plan.ts';
import { endOfEpoch, type Measured } from '../../../src/runtime/trainer/end-of-epoch.ts';
import { freshState, type TrainerState } from '../../../src/runtime/trainer/trainer.ts';
import { fakeStage } from '../../support/fake-engine.ts';

const ending = suite('the end of an epoch');

const all: Partial<StagePlan> = {
  early_stopping: {
    monitor: 'val_loss',
    patience: 2,
    min_delta: 0,
    mode: 'min',
    baseline: null,
    restore_best: true,
    start_from_epoch: 0,
  },
  reduce_lr_on_plateau: {
    monitor: 'loss',
    factor: 0.5,
    patience: 2,
    min_delta: 0,
    mode: 'min',
    cooldown: 0,
    min_lr: 0,
  },
  checkpoint: { monitor: 'val_accuracy', mode: 'max', save_best_only: false },
};

/** The epochs of a stage that begins after `before` others, with these validation losses and a running loss that stays. */
const play = (changes: Partial<StagePlan>, losses: readonly number[], before = 0) => {
  const plan = fakeStage(changes);
  let state: TrainerState = { ...freshState(0, plan, null), finished: before };
  return losses.map((loss) => {
    const measured: Measured = {
      running: { loss: 1, accuracy: 0.5 },
      train: { loss: 1, accuracy: 0.5 },
      validation: { loss, accuracy: 0.5 },
    };
    state = { ...state, epoch: state.epoch + 1, finished: state.finished + 1 };
    const given = structuredClone(state);
    const answer = endOfEpoch(plan, state, measured);
    assert.equal(state, given, 'what is given is not changed');
    state = answer.state;
    const said = answer.decisions.map((each) => (each.kind === 'say' ? each.name : each.kind));
    return { state, said, decisions: answer.decisions };
  });
};

ending('all callbacks in one epoch: early stopping, then the learning rate, then the file', () => {
  const epochs = play(all, [0.5, 0.6, 0.7], 4);
  assert.equal(
    epochs.map(({ said }) => said),
    [
      ['keep_best', 'save', 'checkpoint'],
      ['save', 'checkpoint'],
      ['early_stopping', 'reduce_lr_on_plateau', 'save', 'checkpoint'],
    ],
  );
  const { state, decisions } = epochs[2]!;
  assert.is(state.stopped, true);
  assert.is(state.learningRate, 0.05);
  assert.equal(state.best?.finished, 5);
  assert.equal(decisions[2], { kind: 'save', name: 'epoch-007' });
  assert.equal(decisions[0], {
    kind: 'say',
    name: 'early_stopping',
    message: 'val_loss has not improved for 2 epochs: training stops. Best 0.5 at epoch 5.',
  });
});

ending('without callbacks nothing is decided', () => {
  const [epoch] = play({}, [0.5]);
  assert.equal(epoch?.decisions, []);
});

ending.run();
