// Check: a colour normalization for grey images.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../../findings/correction.ts';
import { normalizeChannels } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkNormalizeChannels: PlanCheck = ({ draft: { data }, at }) => {
  if (data === null || data.image.channels === 3) return [];
  if (data.normalize.kind !== 'caffe' && data.normalize.kind !== 'torch') return [];
  return [
    finding(
      normalizeChannels,
      at(data, 'normalize'),
      `\`${data.normalize.kind}\` is for colour images, and these have ${data.image.channels === 1 ? 'one channel' : `${data.image.channels} channels`}.`,
      {
        help: 'Write `normalize unit` or `normalize signed`, or `channels 3`.',
        ...replacement(at(data, 'normalize'), 'normalize unit', false),
      },
    ),
  ];
};
