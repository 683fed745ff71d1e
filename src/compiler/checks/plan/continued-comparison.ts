// Check: a run that is compared with another although it goes on from the other's weights.
import { finding } from '../../../parser/diagnostic.ts';
import { continuedComparison } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

export const checkContinuedComparison: PlanCheck = ({ draft, earlier, at }) => {
  const before = earlier.find(({ name }) => name === draft.continues);
  if (before === undefined || draft.stages === null || draft.augment === null || before.augment === null) return [];
  const alike = (['data', 'backbone', 'head', 'stages'] as const).every((part) => same(draft[part], before[part]));
  if (!alike || same(draft.augment, before.augment)) return [];
  return [
    finding(
      continuedComparison,
      at(null),
      `\`${draft.name}\` differs from \`${before.name}\` in augmentation alone, but begins with its weights and so trains for longer.`,
      { help: `Take \`continues "${before.name}"\` away: then both begin with fresh weights, and can be compared.` },
    ),
  ];
};
