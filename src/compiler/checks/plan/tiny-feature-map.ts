// Check: images so small that the last map of the backbone is a single position.
import { finding } from '../../../parser/diagnostic.ts';
import { tinyFeatureMap } from '../../findings/plan.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkTinyFeatureMap: PlanCheck = ({ draft: { data, backbone }, at }) => {
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
};
