// Check: a stage that leaves every weight as it is.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../../findings/correction.ts';
import { stageTrainsNothing } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';

export const checkStageTrainsNothing: PlanCheck = ({ draft, layers, at }) => {
  const all = draft.stages ?? [];
  if (!all.some(({ epochs }) => epochs > 0)) return [];
  return all.flatMap((stage, i) => {
    const trained = layers?.stages[i]?.trained;
    const still = trained !== undefined && trained.trainable.size === 0 && trained.moving.size === 0;
    if (stage.epochs > 0 && !still) return [];
    const [message, help] =
      stage.epochs === 0
        ? [`The stage "${stage.name}" has no epochs: it trains nothing.`, 'Give it epochs, or remove it.']
        : [
            `The stage "${stage.name}" has no layer that trains.`,
            `Freeze less, or ${all.length > 1 ? 'remove it' : 'write `epochs 0`: then the run only measures'}.`,
          ];
    return [
      finding(stageTrainsNothing, at(stage, 'epochs'), message, {
        help,
        ...(stage.epochs === 0 ? removal(at(stage), false, 'Remove the stage') : {}),
      }),
    ];
  });
};
