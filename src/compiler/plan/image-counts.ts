// Verb: the data of a plan to how many images each purpose has, where that is known before they are read.
import { trainCount } from '../leaf/train-count.ts';
import { sourceFacts } from '../vocabulary/data.ts';
import type { DataPlan } from './plan.ts';

/** Images of each purpose; null: only the data can tell. */
export interface ImageCounts {
  readonly train: number | null;
  readonly validation: number | null;
  readonly test: number | null;
}

/** Limits and validation taken off. */
export const imageCounts = ({ source, only_classes, limit, validation }: DataPlan): ImageCounts => {
  const known = source.kind === 'shapes' ? source : sourceFacts[source.kind];
  // how many images a class has, only the data can tell
  if (known === undefined || only_classes !== null) return { train: null, validation: null, test: null };
  const all = Math.min(known.train, limit.train ?? known.train);
  const test = Math.min(known.test, limit.test ?? known.test);
  const train = validation.kind === 'fraction' ? trainCount(all, validation.fraction) : all;
  const held = { none: 0, test, folder: null, fraction: all - train }[validation.kind];
  return { train, validation: held, test };
};
