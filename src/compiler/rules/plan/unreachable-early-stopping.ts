// Rule: early stopping that can never stop.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

export const unreachableEarlyStopping: PlanRule = {
  code: 'TLP2005',
  name: 'unreachable-early-stopping',
  severity: 'error',
  summary: 'Early stopping waits longer than the stage is.',
  explanation:
    'Early stopping needs `patience` epochs without improvement after the first one. With as many epochs or fewer it cannot stop anything; with `restore_best: true` it still goes back to the best weights, and is left alone.',
  bad: pipeline({ schedule: 'epochs 5\n  early_stopping(patience: 5, restore_best: false)' }),
  good: pipeline({ schedule: 'epochs 20\n  early_stopping(patience: 5, restore_best: false)' }),
  check: ({ draft, at }) =>
    (draft.stages ?? []).flatMap((stage) => {
      const stopping = stage.early_stopping;
      if (stopping === null || stage.epochs === 0) return [];
      const blind = stopping.start_from_epoch >= stage.epochs;
      const late = stopping.start_from_epoch + stopping.patience >= stage.epochs && !stopping.restore_best;
      if (!blind && !late) return [];
      const field = blind ? 'start_from_epoch' : 'patience';
      return [
        finding(
          unreachableEarlyStopping,
          at(stopping, field),
          `This can never stop: the stage has ${stage.epochs} epochs, and \`${field}\` is ${stopping[field]}.`,
          { help: `Choose a smaller \`${field}\`, more epochs, or leave early stopping out.` },
        ),
      ];
    }),
};
