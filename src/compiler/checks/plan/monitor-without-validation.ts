// Check: a callback watches the validation split of a run that has none.
import { finding } from '../../../parser/diagnostic.ts';
import type { Span } from '../../../parser/source.ts';
import { replacement } from '../../findings/correction.ts';
import { monitorWithoutValidation } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

/** Only where the monitor is written: the place of the whole callback is longer. */
const watchTrain = (span: Span, monitor: string) =>
  span.end - span.start === monitor.length ? replacement(span, monitor.replace('val_', ''), false) : {};

export const checkMonitorWithoutValidation: PlanCheck = ({ draft, at }) => {
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
};
