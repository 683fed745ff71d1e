// Check: a run that measures a head of random weights.
import { finding } from '../../../parser/diagnostic.ts';
import { untrainedHead } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

const percent = (share: number): string => `${+(share * 100).toPrecision(2)} %`;

export const checkUntrainedHead: PlanCheck = ({ draft: { continues, data, stages }, at }) => {
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
};
