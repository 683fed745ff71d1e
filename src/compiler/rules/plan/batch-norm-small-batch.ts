// Rule: batch norm of a trained backbone learns its statistics from few images.
import { finding } from '../../../parser/diagnostic.ts';
import { backbones } from '../../vocabulary/backbones.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const FEW = 16;

export const batchNormSmallBatch: PlanRule = {
  code: 'TLP2105',
  name: 'batch-norm-small-batch',
  severity: 'warning',
  summary: 'Batch norm of an unfrozen, trained backbone is trained with a small batch.',
  explanation:
    'Batch norm in training form uses the mean and variance of the batch. Of few images these are noise, and they replace the statistics that the weights were trained with. `freeze none { batch_norm inference }` keeps the old ones.',
  bad: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'batch 8\n  optimizer adam(lr: 1e-5)',
  }),
  good: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    freeze: 'freeze none { batch_norm inference }',
    head: 'global_average_pooling',
    schedule: 'batch 8\n  optimizer adam(lr: 1e-5)',
  }),
  check: ({ draft: { backbone, stages }, at }) => {
    if (backbone?.kind !== 'known' || backbone.weights.kind === 'none' || !backbones[backbone.name].batchNorm)
      return [];
    return (stages ?? []).flatMap((stage) => {
      const { freeze, batch, epochs } = stage;
      const whole = freeze.kind === 'backbone' && freeze.except === null;
      if (whole || freeze.batch_norm !== 'train' || batch >= FEW || epochs === 0) return [];
      return [
        finding(
          batchNormSmallBatch,
          at(stage, 'batch'),
          `Batch norm of ${backbone.name} learns its statistics from batches of ${batch}.`,
          { help: 'Write `freeze none { batch_norm inference }`, or use batches of 16 or more.' },
        ),
      ];
    });
  },
};
