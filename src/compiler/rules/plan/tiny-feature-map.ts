// Rule: images so small that the last map of the backbone is a single position.
import { finding } from '../../../parser/diagnostic.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const tinyFeatureMap: PlanRule = {
  code: 'TLP2102',
  name: 'tiny-feature-map',
  severity: 'warning',
  summary: 'The images are so small that the last feature map of a trained backbone is 1x1.',
  explanation:
    'A backbone that divides the size by 32 leaves one position of a 32x32 image: what its last layers learned about larger images has nothing to work on. Enlarging the images gives better features, at a price that grows with their area.',
  bad: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 32x32',
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
    const { stride, minimum, size } = backbones[backbone.name];
    const { height, width } = data.image;
    if (Math.min(height, width) < minimum || Math.min(height, width) >= 2 * stride) return [];
    return [
      finding(
        tinyFeatureMap,
        at(data, 'image'),
        `${backbone.name} leaves a map of 1x1 of images of ${height}x${width}.`,
        {
          help: `Write \`size ${3 * stride}x${3 * stride}\` or more; the weights were trained on ${size}x${size}.`,
        },
      ),
    ];
  },
};
