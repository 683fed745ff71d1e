// Rule: trained weights get other values than they were trained on.
import { finding } from '../../../parser/diagnostic.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import { normalizations } from '../../vocabulary/data.ts';
import { removal } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const normalizationMismatch: PlanRule = {
  code: 'TLP2101',
  name: 'normalization-mismatch',
  severity: 'warning',
  summary: "The images are normalized otherwise than the backbone's weights expect.",
  explanation:
    'Trained weights work on the range and the channel order that they were trained with: 0..1 for a network that wants BGR with the mean subtracted costs much of what transfer learning gives. Leave `normalize` out and the right one is taken. Where scaling is part of the model, dividing by 255 scales twice.',
  bad: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 64x64\n  normalize unit',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
  good: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 64x64',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
  check: ({ draft: { data, backbone }, at }) => {
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
  },
};
