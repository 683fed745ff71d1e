// Verb: moving average of weights (Keras' use_ema), kept outside the graph.
import type { StagePlan } from '../../compiler/plan/plan.ts';
import type { Weights } from '../engine/engine.ts';

/**
 * average ← m * average + (1 - m) * weight, m = 0 at the first update (Keras 3, optimizers/base_optimizer.py).
 * @param names the weights that the optimizer trains; statistics have no average
 */
export const updateAverage = (
  average: Weights | null,
  weights: Weights,
  names: readonly string[],
  momentum: NonNullable<StagePlan['ema']>,
): Weights => {
  const next = new Map<string, Float32Array>();
  for (const name of names) {
    const now = weights.get(name);
    if (now === undefined) continue;
    const before = average?.get(name);
    next.set(name, before ? now.map((value, i) => momentum * before[i]! + (1 - momentum) * value) : now.slice());
  }
  return next;
};
