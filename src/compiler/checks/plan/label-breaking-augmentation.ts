// Check: a random change after which an image is of another class.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { labelBreakingAugmentation } from '../../findings/plan.ts';
import { sourceFacts } from '../../vocabulary/data.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkLabelBreakingAugmentation: PlanCheck = ({ draft: { data, augment }, at }) => {
  const facts = data === null ? undefined : sourceFacts[data.source.kind];
  if (data === null || facts === undefined) return [];
  return (augment ?? []).flatMap((step) => {
    const message =
      step.kind === 'flip' && !facts.mirror[step.axis]
        ? `${step.axis === 'vertical' ? 'An upside-down' : 'A mirrored'} image of ${data.source.kind} is not what its label says.`
        : step.kind === 'rotate' && !facts.mirror.horizontal && Math.max(...step.degrees.map(Math.abs)) > 45
          ? `Turned by more than 45deg, images of ${data.source.kind} are not what their labels say (6 and 9).`
          : null;
    return message === null
      ? []
      : [
          finding(labelBreakingAugmentation, at(step), message, {
            help: 'Leave it out, or make it smaller.',
            ...removal(at(step), false),
          }),
        ];
  });
};
