// Check: a run too short for the moving statistics of its batch norms to leave their start.
import { finding } from '../../../parser/diagnostic.ts';
import { slowMovingStatistics } from '../../findings/plan.ts';
import { imageCounts } from '../../plan/image-counts.ts';
import type { LayerPlan, RunPlan } from '../../plan/plan.ts';
import type { PlanCheck } from './plan-check.ts';

/** More than this share of the start in the statistics of the last step is reported. */
const LEFT = 1 / 8;

const percent = (share: number): string => `${Math.round(share * 100)}%`;

const findBatchNorm = (layers: readonly LayerPlan[]): LayerPlan | undefined =>
  layers
    .flatMap((layer) => ('branches' in layer ? (findBatchNorm(layer.branches.flat()) ?? []) : layer))
    .find(({ kind }) => kind === 'batch_normalization');

const startsFresh = ({ backbone, continues }: RunPlan, part: string): boolean =>
  continues === null && (part === 'head' || backbone.weights.kind === 'none');

export const checkSlowMovingStatistics: PlanCheck = ({ run, layers, at }) => {
  const images = run === null ? null : imageCounts(run.data).train;
  if (run === null || layers === null || images === null) return [];
  const left = layers.model.layers.flatMap((layer) => {
    if (layer.class_name !== 'BatchNormalization' || !startsFresh(run, layer.part)) return [];
    const steps = run.stages.reduce((sum, { epochs, batch }, i) => {
      const moves = layer.weights.some(({ name }) => layers.stages[i]?.trained.moving.has(name));
      return sum + (moves ? epochs * Math.ceil(images / batch) : 0);
    }, 0);
    return steps === 0 ? [] : [{ part: layer.part, steps, momentum: layer.momentum, share: layer.momentum ** steps }];
  });
  const worst = left.filter(({ share }) => share > LEFT).sort((a, b) => b.share - a.share)[0];
  if (worst === undefined) return [];
  const { backbone, head } = run;
  const known = worst.part === 'backbone' && backbone.kind === 'known';
  const written = worst.part === 'backbone' && backbone.kind === 'own' ? backbone.layers : head;
  return [
    finding(
      slowMovingStatistics,
      known ? at(backbone, 'weights') : at(findBatchNorm(written) ?? null, 'momentum'),
      `After the ${worst.steps} steps of this run, ${percent(worst.share)} of batch norm's moving statistics are still their start, so that evaluation sees another network than training.`,
      {
        help: known
          ? 'Write `weights none(batch_norm_momentum: 90%)`, more epochs, or more images.'
          : 'Write `batch_normalization(momentum: 90%)`, more epochs, or more images.',
      },
    ),
  ];
};
