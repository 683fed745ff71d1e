// Verb: what the plan says about class weights and the labels that are trained on → a factor on each class's loss.
import type { DataPlan } from '../../compiler/plan/plan.ts';
import { DataError, type Source } from '../data/source.ts';

/**
 * `balanced`: n / (classes * n_class), as scikit-learn's compute_class_weight; a class without images weighs 0.
 * Throws DataError when the plan's list does not have one factor a class.
 */
export const classWeightsOf = (
  plan: DataPlan['class_weights'],
  source: Pick<Source, 'classes' | 'train'>,
  train: Uint32Array,
): readonly number[] | null => {
  if (plan === 'none') return null;
  const { length } = source.classes;
  if (plan !== 'balanced') {
    if (plan.length === length) return plan;
    throw new DataError(`class_weights has ${plan.length} factors, the data have ${length} classes: give one a class`);
  }
  const counts = new Array<number>(length).fill(0);
  for (const index of train) counts[source.train.labels[index]!]! += 1;
  return counts.map((count) => (count === 0 ? 0 : train.length / (length * count)));
};
