// Rule: as many class weights as classes.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const classWeightsCount: PlanRule = {
  code: 'TLP2006',
  name: 'class-weights-count',
  severity: 'error',
  summary: 'The list of class weights does not have one weight for each class.',
  explanation: 'Weights belong to the classes in their order. `balanced` computes them from the data.',
  bad: pipeline({ data: 'class_weights [1, 2]' }),
  good: pipeline({ data: 'class_weights balanced' }),
  check: ({ draft: { data }, at }) => {
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
  },
};
