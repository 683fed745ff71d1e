// Verb: which epochs' weights are written to disk, as a pure state machine (Keras 3, callbacks/model_checkpoint.py).
import type { CheckpointPlan } from '../../../compiler/plan/plan.ts';
import { isImprovement } from './improvement.ts';

export interface CheckpointState {
  readonly best: number | null;
}

export type CheckpointDecision = 'save';

export const startCheckpoint: CheckpointState = { best: null };

/**
 * What the callback does at the end of an epoch: saves every epoch, or only those that beat the best (without any min_delta).
 * @param value the monitor; null when it was not measured: saves
 */
export const checkpoint = (
  plan: CheckpointPlan,
  state: CheckpointState,
  value: number | null,
): { readonly state: CheckpointState; readonly decisions: readonly CheckpointDecision[] } => {
  if (!plan.save_best_only || value === null) return { state, decisions: ['save'] };
  return isImprovement(value, state.best, 0, plan.mode)
    ? { state: { best: value }, decisions: ['save'] }
    : { state, decisions: [] };
};
