// Check: as many class weights as classes.
import { finding } from '../../../parser/diagnostic.ts';
import { classWeightsCount } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkClassWeightsCount: PlanCheck = ({ draft: { data }, at }) => {
  if (data === null || typeof data.class_weights === 'string' || data.classes === null) return [];
  if (data.class_weights.length === data.classes) return [];
  return [
    finding(
      classWeightsCount,
      at(data, 'class_weights'),
      `There are ${data.class_weights.length} weights for ${data.classes} classes.`,
      { help: `Write ${data.classes} weights, or \`class_weights balanced\`.` },
    ),
  ];
};
