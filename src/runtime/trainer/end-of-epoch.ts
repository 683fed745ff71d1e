// Verb: scores of an epoch → what its callbacks remember and what is to be done. Pure; one rule a callback, in this order.
import type { MonitorName, StagePlan } from '../../compiler/plan/plan.ts';
import type { RunEvent, Score } from '../events.ts';
import { checkpoint } from './callbacks/checkpoint.ts';
import { earlyStopping } from './callbacks/early-stopping.ts';
import { reduceLr } from './callbacks/reduce-lr.ts';
import { reducedMessage, savedMessage, stoppedMessage } from './messages.ts';
import type { EpochScores, TrainerState } from './trainer.ts';

export type CallbackName = Extract<RunEvent, { type: 'callback' }>['name'];

/** What a callback wants done. */
export type Decision =
  /** The weights now are the best. */
  | { readonly kind: 'keep_best' }
  /** The weights now go to disk under this name. */
  | { readonly kind: 'save'; readonly name: string }
  | { readonly kind: 'say'; readonly name: CallbackName; readonly message: string };

export interface Measured extends EpochScores {
  /** Running means of the epoch, dropout and augmentation on. */
  readonly running: Score;
}

interface Answer {
  readonly state: TrainerState;
  readonly decisions: readonly Decision[];
}

type CallbackKey = 'early_stopping' | 'reduce_lr_on_plateau' | 'checkpoint';
type Callback<K extends CallbackKey> = (
  plan: NonNullable<StagePlan[K]>,
  state: TrainerState,
  measured: Measured,
  value: number | null,
) => Answer;

const monitors: { readonly [K in MonitorName]: (measured: Measured) => number | null } = {
  loss: ({ running }) => running.loss,
  accuracy: ({ running }) => running.accuracy,
  val_loss: ({ validation }) => validation?.loss ?? null,
  val_accuracy: ({ validation }) => validation?.accuracy ?? null,
};

const onEarlyStopping: Callback<'early_stopping'> = (plan, before, { train, validation }, value) => {
  const local = before.epoch - 1;
  const answer = earlyStopping(plan, before.earlyStopping, value, local);
  let state: TrainerState = { ...before, earlyStopping: answer.state };
  const decisions = answer.decisions.map((decision): Decision => {
    if (decision === 'store') {
      state = { ...state, best: { train, validation, finished: state.finished, monitor: value ?? Number.NaN } };
      return { kind: 'keep_best' };
    }
    state = { ...state, stopped: true };
    const { best, bestEpoch, wait } = answer.state;
    const message = stoppedMessage(plan.monitor, best!, bestEpoch + state.finished - local, wait);
    return { kind: 'say', name: 'early_stopping', message };
  });
  return { state, decisions };
};

const onReduceLr: Callback<'reduce_lr_on_plateau'> = (plan, before, _, value) => {
  const answer = reduceLr(plan, before.reduceLr, value, before.learningRate);
  const state = { ...before, reduceLr: answer.state };
  const [decision] = answer.decisions;
  if (!decision) return { state, decisions: [] };
  const { learningRate } = decision;
  const message = reducedMessage(plan.monitor, plan.patience, before.learningRate, learningRate);
  return { state: { ...state, learningRate }, decisions: [{ kind: 'say', name: 'reduce_lr_on_plateau', message }] };
};

const onCheckpoint: Callback<'checkpoint'> = (plan, before, _, value) => {
  const answer = checkpoint(plan, before.checkpoint, value);
  const epoch = before.finished;
  const name = plan.save_best_only ? 'best' : `epoch-${String(epoch).padStart(3, '0')}`;
  return {
    state: { ...before, checkpoint: answer.state },
    decisions: answer.decisions.flatMap((): readonly Decision[] => [
      { kind: 'save', name },
      { kind: 'say', name: 'checkpoint', message: savedMessage(name, epoch) },
    ]),
  };
};

/** A callback with its part of the plan. */
const callback =
  <K extends CallbackKey>(key: K, act: Callback<K>) =>
  (plan: StagePlan, state: TrainerState, measured: Measured): Answer => {
    const part = plan[key];
    return part ? act(part, state, measured, monitors[part.monitor](measured)) : { state, decisions: [] };
  };

const callbacks = [
  callback('early_stopping', onEarlyStopping),
  callback('reduce_lr_on_plateau', onReduceLr),
  callback('checkpoint', onCheckpoint),
];

/** `state` counts the epoch as finished already. */
export const endOfEpoch = (plan: StagePlan, state: TrainerState, measured: Measured): Answer =>
  callbacks.reduce<Answer>(
    (so, act) => {
      const next = act(plan, so.state, measured);
      return { state: next.state, decisions: [...so.decisions, ...next.decisions] };
    },
    { state, decisions: [] },
  );
