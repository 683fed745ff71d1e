// Verb: learning-rate reduction on a plateau as a pure state machine, with the rules of Keras 3 (callbacks/reduce_lr_on_plateau.py).
import type { ReduceLrPlan } from '../../../compiler/plan/plan.ts';
import { isImprovement } from './improvement.ts';

export interface ReduceLrState {
  readonly best: number | null;
  /** Epochs without improvement since the last reset. */
  readonly wait: number;
  /** Epochs of cooldown left. */
  readonly cooldown: number;
}

/** The learning rate from the next epoch on. */
export interface ReduceLrDecision {
  readonly learningRate: number;
}

export const startReduceLr: ReduceLrState = { best: null, wait: 0, cooldown: 0 };

/**
 * What the callback does at the end of an epoch.
 * @param value the monitor; null when it was not measured: nothing happens
 * @param learningRate the rate now
 */
export const reduceLr = (
  plan: ReduceLrPlan,
  state: ReduceLrState,
  value: number | null,
  learningRate: number,
): { readonly state: ReduceLrState; readonly decisions: readonly ReduceLrDecision[] } => {
  if (value === null) return { state, decisions: [] };
  const cooling = state.cooldown > 0;
  const cooldown = cooling ? state.cooldown - 1 : 0;
  const wait = cooling ? 0 : state.wait;
  if (isImprovement(value, state.best, plan.min_delta, plan.mode)) {
    return { state: { best: value, wait: 0, cooldown }, decisions: [] };
  }
  if (cooldown > 0) return { state: { best: state.best, wait, cooldown }, decisions: [] };
  if (wait + 1 >= plan.patience && learningRate > plan.min_lr) {
    return {
      state: { best: state.best, wait: 0, cooldown: plan.cooldown },
      decisions: [{ learningRate: Math.max(learningRate * plan.factor, plan.min_lr) }],
    };
  }
  return { state: { best: state.best, wait: wait + 1, cooldown: 0 }, decisions: [] };
};
