// Rule: a flattened map makes a head with more weights than the backbone.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

export const flattenLargerThanBackbone: PlanRule = {
  code: 'TLP2103',
  name: 'flatten-larger-than-backbone',
  severity: 'warning',
  summary: '`flatten` makes a head that has more parameters than the known backbone before it.',
  explanation:
    'A dense layer on a flattened map has a weight for each position and channel. It learns the training images by heart and costs memory. `global_average_pooling` keeps one number a channel.',
  bad: pipeline({
    backbone: 'backbone mobilenetv2 { weights none }',
    data: 'size 224x224',
    head: 'flatten\n  dense 512 relu',
  }),
  good: pipeline({
    backbone: 'backbone mobilenetv2 { weights none }',
    data: 'size 224x224',
    head: 'global_average_pooling\n  dense 512 relu',
  }),
  check: ({ draft: { head, backbone }, model, at }) => {
    const flatten = head?.find((layer) => layer.kind === 'flatten');
    if (flatten === undefined || model === null || backbone?.kind !== 'known') return [];
    const parameters = (part: 'backbone' | 'head'): number =>
      model.layers
        .filter((layer) => layer.part === part)
        .flatMap((layer) => layer.weights)
        .reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
    if (parameters('head') <= parameters('backbone')) return [];
    return [
      finding(
        flattenLargerThanBackbone,
        at(flatten),
        `\`flatten\` makes a head of ${grouped(parameters('head'))} parameters on a backbone of ${grouped(parameters('backbone'))}.`,
        {
          help: 'Write `global_average_pooling` instead.',
          ...replacement(at(flatten), 'global_average_pooling', false),
        },
      ),
    ];
  },
};
