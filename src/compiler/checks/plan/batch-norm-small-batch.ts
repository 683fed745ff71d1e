// Check: batch norm of a trained backbone learns its statistics from few images.
import { finding } from '../../../parser/diagnostic.ts';
import { batchNormSmallBatch } from '../../findings/plan.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import type { PlanCheck } from './plan-check.ts';
import { freezesBackbone } from './whole-backbone.ts';

const FEW = 16;

export const checkBatchNormSmallBatch: PlanCheck = ({ draft: { backbone, stages }, at }) => {
  if (backbone?.kind !== 'known' || backbone.weights.kind === 'none' || !backbones[backbone.name].batchNorm) return [];
  return (stages ?? []).flatMap((stage) => {
    const { freeze, batch, epochs } = stage;
    if (freezesBackbone(freeze) || freeze.batch_norm !== 'train' || batch >= FEW || epochs === 0) return [];
    return [
      finding(
        batchNormSmallBatch,
        at(stage, 'batch'),
        `Batch norm of ${backbone.name} learns its statistics from batches of ${batch}.`,
        { help: 'Write `freeze none { batch_norm inference }`, or use batches of 16 or more.' },
      ),
    ];
  });
};
