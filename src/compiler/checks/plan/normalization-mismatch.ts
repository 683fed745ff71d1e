// Check: trained weights get other values than they were trained on.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { normalizationMismatch } from '../../findings/plan.ts';
import { expectedNormalize } from '../../plan/build-data.ts';
import { normalizations } from '../../vocabulary/data.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkNormalizationMismatch: PlanCheck = ({ draft: { data, backbone }, earlier, at }) => {
  if (data === null || backbone === null) return [];
  const expected = expectedNormalize(backbone, earlier);
  if (expected === null || data.normalize.kind === expected || data.image.channels !== 3) return [];
  const inside = expected === 'none' && backbone.weights.kind === 'imagenet' ? '; scaling is part of the model' : '';
  return [
    finding(
      normalizationMismatch,
      at(data, 'normalize'),
      `The weights of ${backbone.name ?? 'the backbone'} expect \`${expected}\` (${normalizations[expected]}${inside}), not \`${data.normalize.kind}\` (${normalizations[data.normalize.kind]}).`,
      {
        help: 'Leave `normalize` out: the right one is taken.',
        ...removal(at(data, 'normalize'), false),
      },
    ),
  ];
};
