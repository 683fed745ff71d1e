// Rule: a random change after which an image is of another class.
import { finding } from '../../../parser/diagnostic.ts';
import { sourceFacts } from '../../vocabulary/data.ts';
import { removal } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const labelBreakingAugmentation: PlanRule = {
  code: 'TLP2106',
  name: 'label-breaking-augmentation',
  severity: 'warning',
  summary: 'An augmentation makes images that are wrong for their label.',
  explanation:
    'A mirrored 2 is no digit, and a 6 upside down is a 9: the network is taught mistakes. tlp knows this of its built-in sources only.',
  bad: pipeline({ augment: 'flip vertical' }),
  good: pipeline({ augment: 'rotate 10deg' }),
  check: ({ draft: { data, augment }, at }) => {
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
  },
};
