// Rule: the test split chooses the model.
import { finding } from '../../../parser/diagnostic.ts';
import { replacement } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const testSplitAsValidation: PlanRule = {
  code: 'TLP2107',
  name: 'test-split-as-validation',
  severity: 'warning',
  summary: 'The test split is used for validation.',
  explanation:
    'Whatever is chosen by a split (the epoch to stop at, the learning rate, the best of several runs) fits that split better than new images. With the test split as validation there is no honest figure left: the reported test accuracy is too high.',
  bad: pipeline({ validation: 'validation test' }),
  good: pipeline({ validation: 'validation 20% of train' }),
  check: ({ draft: { data, stages }, at }) =>
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
      : [],
};
