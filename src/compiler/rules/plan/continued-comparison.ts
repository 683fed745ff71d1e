// Rule: a run that is compared with another although it goes on from the other's weights.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const continuedComparison: PlanRule = {
  code: 'TLP2115',
  name: 'continued-comparison',
  severity: 'warning',
  summary: 'A run goes on from the weights of one that it differs from in augmentation alone.',
  explanation:
    'Two runs that differ in one thing are made to be compared. With `continues` the second has trained for longer, and began where the first ended: what it gains or loses cannot be told from that. A second phase of training differs in what is frozen or in the learning rate, and is no such case; nor is a run that goes on as it was.',
  bad: pipeline({
    augment: 'rotate 10deg',
    after: 'run "plain" { augment none }\n\nrun "rotated" continues "plain" {}',
  }),
  good: pipeline({ augment: 'rotate 10deg', after: 'run "plain" { augment none }\n\nrun "rotated" {}' }),
  check: ({ draft, earlier, at }) => {
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
  },
};
