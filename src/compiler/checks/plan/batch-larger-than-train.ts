// Check: a batch that holds more images than there are.
import { finding } from '../../../parser/diagnostic.ts';
import { batchLargerThanTrain } from '../../findings/plan.ts';
import { imageCounts } from '../../plan/image-counts.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkBatchLargerThanTrain: PlanCheck = ({ draft: { data, stages }, at }) => {
  if (data === null) return [];
  const train = imageCounts(data).train;
  if (train === null) return [];
  return (stages ?? []).flatMap((stage) =>
    stage.batch > train && stage.epochs > 0
      ? [
          finding(
            batchLargerThanTrain,
            at(stage, 'batch'),
            `A batch of ${stage.batch} is more than the ${train} images that are left to train on.`,
            {
              help: `Write \`batch ${Math.max(1, Math.min(32, 2 ** Math.floor(Math.log2(Math.max(1, train / 8)))))}\`.`,
            },
          ),
        ]
      : [],
  );
};
