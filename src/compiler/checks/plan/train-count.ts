// Verb: the data of a plan to how many images are left to train on, where that is known before they are read.
import type { DataPlan } from '../../plan/plan.ts';
import { sourceFacts } from '../../vocabulary/data.ts';

/** Images of the train split, limits and validation taken off; null: unknown until the source is opened. */
export const trainCount = ({ source, limit, validation }: DataPlan): number | null => {
  const all = source.kind === 'shapes' ? source.train : sourceFacts[source.kind]?.train;
  if (all === undefined) return null;
  const limited = Math.min(all, limit.train ?? all);
  return validation.kind === 'fraction' ? Math.floor(limited * (1 - validation.fraction)) : limited;
};
