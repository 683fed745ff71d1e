// Check: early stopping that can never stop.
import { finding } from '../../../parser/diagnostic.ts';
import { unreachableEarlyStopping } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkUnreachableEarlyStopping: PlanCheck = ({ draft, at }) =>
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
  });
