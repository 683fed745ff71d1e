// Rule: a batch that holds more images than there are.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';
import { trainCount } from './train-count.ts';

export const batchLargerThanTrain: PlanRule = {
  code: 'TLP2111',
  name: 'batch-larger-than-train',
  severity: 'warning',
  summary: 'The batch is larger than the train split.',
  explanation: 'Every epoch is a single step then, so training hardly moves. Use smaller batches.',
  bad: pipeline({ source: 'shapes(train: 50, test: 10)', data: 'size 32x32', schedule: 'batch 64' }),
  good: pipeline({ source: 'shapes(train: 500, test: 10)', data: 'size 32x32', schedule: 'batch 64' }),
  check: ({ draft: { data, stages }, at }) => {
    if (data === null) return [];
    const train = trainCount(data);
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
  },
};
