// Verb: a run's augmentation and the constant part of a stage → the work that each epoch does anew, where fixed views would save it.

import { isBatchStep } from '../leaf/batch-steps.ts';
import type { RunPlan } from '../plan/plan.ts';
import type { FrozenPrefix } from './frozen-prefix.ts';

/** Whether train images are blended with others of their batch, so that none looks the same twice whatever is fixed. */
export const blendsImages = ({ augment }: Pick<RunPlan, 'augment'>): boolean =>
  augment.some(({ kind }) => isBatchStep(kind));

/** Multiply-adds of one train image; 0 where its features can be kept, or could not even with fixed views. */
export const recomputedWork = (run: Pick<RunPlan, 'augment' | 'views'>, prefix: FrozenPrefix | null): number => {
  const drawn = run.augment.length > 0 && run.views === null && !blendsImages(run);
  return drawn && prefix?.cacheable ? prefix.multiply_adds : 0;
};
