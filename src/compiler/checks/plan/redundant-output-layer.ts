// Check: the head ends with a softmax layer of its own.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { redundantOutputLayer } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkRedundantOutputLayer: PlanCheck = ({ draft: { head, data }, at }) => {
  const last = head?.at(-1);
  if (last === undefined) return [];
  const softmax = (last.kind === 'dense' || last.kind === 'activation') && last.activation === 'softmax';
  if (!softmax) return [];
  // A layer for another number of classes is told of by class-count-mismatch.
  if (last.kind === 'dense' && typeof data?.classes === 'number' && data.classes !== last.units) return [];
  const classes = data === null || data.classes === null ? 'the classes' : `the ${data.classes} classes`;
  return [
    finding(redundantOutputLayer, at(last), `The softmax layer over ${classes} follows from the data by itself.`, {
      help: 'Leave this layer out.',
      // In a `repeat` the same statement makes other layers too.
      ...(head?.indexOf(last) === head!.length - 1 ? removal(at(last), false) : {}),
    }),
  ];
};
