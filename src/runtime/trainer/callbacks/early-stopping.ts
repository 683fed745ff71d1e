// Verb: early stopping as a pure state machine, with the rules of Keras 3 (callbacks/early_stopping.py).
import type { EarlyStoppingPlan } from '../../../compiler/plan/plan.ts';
import { isImprovement } from './improvement.ts';

export interface EarlyStoppingState {
  /** Best value of the monitor so far; null before the first. */
  readonly best: number | null;
  /** Epoch of the best value (or of the first stored weights), from 0. */
  readonly bestEpoch: number;
  /** Epochs since the last one that reset the count. */
  readonly wait: number;
  /** Weights have been stored, to be restored at the end. */
  readonly stored: boolean;
}

/** `store`: keep a copy of the weights now. `stop`: end the stage after this epoch. */
export type EarlyStoppingDecision = 'store' | 'stop';

export const startEarlyStopping: EarlyStoppingState = { best: null, bestEpoch: 0, wait: 0, stored: false };

/**
 * What early stopping does at the end of an epoch. A value that improves resets the count (with a baseline: only if it also
 * beats the baseline); otherwise it stops once the count has reached `patience`, but never at epoch 0.
 * Whoever restores the best weights does so also when training ran to its normal end (Keras 3).
 * @param value the monitor; null when it was not measured: nothing happens
 * @param epoch from 0 within the stage
 */
export const earlyStopping = (
  plan: EarlyStoppingPlan,
  state: EarlyStoppingState,
  value: number | null,
  epoch: number,
): { readonly state: EarlyStoppingState; readonly decisions: readonly EarlyStoppingDecision[] } => {
  if (value === null || epoch < plan.start_from_epoch) return { state, decisions: [] };
  const first = plan.restore_best && !state.stored;
  const wait = state.wait + 1;
  if (isImprovement(value, state.best, plan.min_delta, plan.mode)) {
    const resets = plan.baseline === null || isImprovement(value, plan.baseline, plan.min_delta, plan.mode);
    return {
      state: { best: value, bestEpoch: epoch, wait: resets ? 0 : wait, stored: plan.restore_best },
      decisions: plan.restore_best ? ['store'] : [],
    };
  }
  const decisions: EarlyStoppingDecision[] = first ? ['store'] : [];
  if (wait >= plan.patience && epoch > 0) decisions.push('stop');
  return {
    state: { ...state, bestEpoch: first ? epoch : state.bestEpoch, wait, stored: state.stored || first },
    decisions,
  };
};
