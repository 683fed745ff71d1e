// Check: trained weights get other values than they were trained on.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { normalizationMismatch } from '../../findings/plan.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import { normalizations } from '../../vocabulary/data.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkNormalizationMismatch: PlanCheck = ({ draft: { data, backbone }, at }) => {
  if (data === null || backbone?.kind !== 'known' || backbone.weights.kind === 'none') return [];
  const expected = backbones[backbone.name].normalize;
  if (data.normalize.kind === expected || data.image.channels !== 3) return [];
  const inside = expected === 'none' ? '; scaling is part of the model' : '';
  return [
    finding(
      normalizationMismatch,
      at(data, 'normalize'),
      `The weights of ${backbone.name} expect \`${expected}\` (${normalizations[expected]}${inside}), not \`${data.normalize.kind}\` (${normalizations[data.normalize.kind]}).`,
      {
        help: 'Leave `normalize` out: the right one is taken.',
        ...removal(at(data, 'normalize'), false),
      },
    ),
  ];
};
