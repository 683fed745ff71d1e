// Check: a flattened map makes a head with more weights than the backbone.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../../findings/correction.ts';
import { flattenLargerThanBackbone } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

export const checkFlattenLargerThanBackbone: PlanCheck = ({ draft: { head, backbone }, layers, at }) => {
  const flatten = head?.find((layer) => layer.kind === 'flatten');
  if (flatten === undefined || layers === null || backbone?.kind !== 'known') return [];
  const parameters = (part: 'backbone' | 'head'): number =>
    layers.model.layers
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
};
