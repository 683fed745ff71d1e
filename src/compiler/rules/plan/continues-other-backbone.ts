// Rule: a run goes on with weights that do not fit its backbone.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const continuesOtherBackbone: PlanRule = {
  code: 'TLP2109',
  name: 'continues-other-backbone',
  severity: 'warning',
  summary: 'A run continues another one that has a different backbone.',
  explanation:
    'Weights are carried on by layer name. Of another backbone hardly any layer fits, so nothing is continued.',
  bad: pipeline({
    after:
      'run "a" { epochs 1 }\nrun "b" continues "a" {\n  backbone other { conv 4 3x3 relu (name: "x") }\n  epochs 1\n}',
  }),
  good: pipeline({ after: 'run "a" { epochs 1 }\nrun "b" continues "a" { epochs 1 }' }),
  check: ({ draft, earlier, at }) => {
    const from = earlier.find((run) => run.name === draft.continues);
    if (from === undefined || from.backbone === null || draft.backbone === null) return [];
    if (JSON.stringify(from.backbone) === JSON.stringify(draft.backbone)) return [];
    const same =
      from.backbone.kind === 'known' && draft.backbone.kind === 'known' && from.backbone.name === draft.backbone.name;
    if (same) return [];
    return [
      finding(
        continuesOtherBackbone,
        at(draft.backbone),
        `"${draft.name}" continues "${from.name}", which has another backbone.`,
        { help: 'Take the same backbone, or leave `continues` out.' },
      ),
    ];
  },
};
