// Check: the test split chooses the model.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../../findings/correction.ts';
import { testSplitAsValidation } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkTestSplitAsValidation: PlanCheck = ({ draft: { data, stages }, at }) =>
  data?.validation.kind === 'test'
    ? [
        finding(
          testSplitAsValidation,
          at(data.validation),
          'The test split is used for validation: its accuracy will look better than it is.',
          {
            help: 'Write `validation 20% of train`, and the test split stays unseen.',
            ...replacement(at(data.validation), 'validation 20% of train', false),
            related: (stages ?? []).flatMap(({ early_stopping: stopping }) =>
              stopping?.restore_best && stopping.monitor.startsWith('val_')
                ? [{ span: at(stopping), message: 'the weights that are kept are chosen by it' }]
                : [],
            ),
          },
        ),
      ]
    : [];
