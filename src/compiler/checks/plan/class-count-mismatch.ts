// Check: the head ends with an output layer of its own, and it has not one output for each class.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { classCountMismatch } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkClassCountMismatch: PlanCheck = ({ draft: { head, data }, at }) => {
  const last = head?.at(-1);
  const classes = data?.classes ?? null;
  if (last?.kind !== 'dense' || classes === null || last.units === classes) return [];
  if (last.activation !== 'softmax' && !(last.activation === 'sigmoid' && last.units === 1)) return [];
  const outputs = last.units === 1 ? 'one output' : `${last.units} outputs`;
  return [
    finding(
      classCountMismatch,
      at(last, 'units'),
      `This ${last.activation} layer has ${outputs}, and the data have ${classes} classes.`,
      { help: 'Leave it out: the softmax layer over the classes follows by itself.', ...removal(at(last), false) },
    ),
  ];
};
