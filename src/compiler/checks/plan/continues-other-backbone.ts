// Check: a run goes on with weights that do not fit its backbone.
import { finding } from '../../../parser/diagnostic.ts';
import { continuesOtherBackbone } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkContinuesOtherBackbone: PlanCheck = ({ draft, earlier, at }) => {
  const from = earlier.find((run) => run.name === draft.continues);
  if (from === undefined || from.backbone === null || draft.backbone === null) return [];
  if (from.backbone === draft.backbone) return [];
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
};
