// Rule: a callback watches the validation split of a run that has none.
import { finding } from '../../../parser/diagnostic.ts';
import type { Span } from '../../../parser/source.ts';
import { replacement } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

/** Only where the monitor is written: the place of the whole callback is longer. */
const watchTrain = (span: Span, monitor: string) =>
  span.end - span.start === monitor.length ? replacement(span, monitor.replace('val_', ''), false) : {};

export const monitorWithoutValidation: PlanRule = {
  code: 'TLP2004',
  name: 'monitor-without-validation',
  severity: 'error',
  summary: 'A callback watches a value of the validation split, and there is none.',
  explanation:
    'Without validation, `val_loss` and `val_accuracy` do not exist, so the callback would never act. Set images aside, or watch `loss`.',
  bad: pipeline({ validation: 'validation none', schedule: 'early_stopping(patience: 3)' }),
  good: pipeline({ validation: 'validation 20% of train', schedule: 'early_stopping(patience: 3)' }),
  check: ({ draft, at }) => {
    if (draft.data?.validation.kind !== 'none') return [];
    return (draft.stages ?? []).flatMap((stage) =>
      [stage.early_stopping, stage.reduce_lr_on_plateau, stage.checkpoint].flatMap((callback) =>
        callback?.monitor.startsWith('val_')
          ? [
              finding(
                monitorWithoutValidation,
                at(callback, 'monitor'),
                `\`${callback.monitor}\` does not exist: this run has no validation split.`,
                {
                  help: 'Write `validation 20% of train` in the data block, or watch `loss`.',
                  ...watchTrain(at(callback, 'monitor'), callback.monitor),
                },
              ),
            ]
          : [],
      ),
    );
  },
};
