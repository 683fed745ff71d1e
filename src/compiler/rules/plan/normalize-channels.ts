// Rule: a colour normalization for grey images.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const normalizeChannels: PlanRule = {
  code: 'TLP2007',
  name: 'normalize-channels',
  severity: 'error',
  summary: 'A normalization for colour images, and the images are grey.',
  explanation:
    '`caffe` and `torch` have one figure for each of red, green and blue. Grey images take `unit` or `signed`.',
  bad: pipeline({ data: 'normalize torch' }),
  good: pipeline({ data: 'normalize signed' }),
  check: ({ draft: { data }, at }) => {
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
  },
};
