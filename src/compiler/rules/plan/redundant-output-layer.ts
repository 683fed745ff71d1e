// Rule: the head ends with a softmax layer of its own.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const redundantOutputLayer: PlanRule = {
  code: 'TLP2108',
  name: 'redundant-output-layer',
  severity: 'warning',
  summary: 'The head ends with a softmax layer, and another one follows from the classes.',
  explanation:
    'tlp adds the softmax layer with as many outputs as the data has classes. One written by hand stands before it: two softmax layers in a row hardly learn.',
  bad: pipeline({ head: 'flatten\n  dense 10 softmax' }),
  good: pipeline({ head: 'flatten' }),
  check: ({ draft: { head, data }, at }) => {
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
        ...(head?.indexOf(last) === head!.length - 1
          ? removal(at(last), last.kind === 'activation' || last.units === data?.classes)
          : {}),
      }),
    ];
  },
};
