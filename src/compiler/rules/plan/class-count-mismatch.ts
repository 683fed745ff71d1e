// Rule: the head ends with an output layer of its own, and it has not one output for each class.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const classCountMismatch: PlanRule = {
  code: 'TLP2116',
  name: 'class-count-mismatch',
  severity: 'warning',
  summary: 'The head ends with an output layer that does not have one output for each class.',
  explanation:
    'tlp adds the softmax layer with as many outputs as the data has classes. An output layer written by hand for another number of classes, or a single sigmoid output for two, stands before it as a bottleneck: all classes have to pass through its few numbers.',
  bad: pipeline({ head: 'flatten\n  dense 5 softmax' }),
  good: pipeline({ head: 'flatten' }),
  check: ({ draft: { head, data }, at }) => {
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
  },
};
