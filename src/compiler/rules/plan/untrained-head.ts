// Rule: a run that measures a head of random weights.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const percent = (share: number): string => `${+(share * 100).toPrecision(2)} %`;

export const untrainedHead: PlanRule = {
  code: 'TLP2114',
  name: 'untrained-head',
  severity: 'warning',
  summary: 'A run trains for no epoch: its head keeps random weights.',
  explanation:
    'Trained weights of a backbone say nothing about your classes before a head has learned to read them. Without an epoch of training the accuracy is that of chance, whatever the backbone is worth. To see what the backbone gives on its own, freeze it and train the head.',
  bad: pipeline({ schedule: 'epochs 0' }),
  good: pipeline({ schedule: 'epochs 5' }),
  check: ({ draft: { continues, data, stages }, at }) => {
    const last = stages?.at(-1);
    if (continues !== null || last === undefined || stages?.some(({ epochs }) => epochs > 0)) return [];
    const chance = typeof data?.classes === 'number' ? `: ${percent(1 / data.classes)}` : '';
    return [
      finding(
        untrainedHead,
        at(last, 'epochs'),
        `Nothing is trained: the head keeps its random weights, and its accuracy is that of chance${chance}.`,
        { help: 'Write `freeze backbone` and some `epochs`: the head learns, the backbone stays as it is.' },
      ),
    ];
  },
};
