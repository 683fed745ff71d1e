// Check: augmentation under frozen layers, whose features could be kept if the views of an image were fixed.
import { finding } from '../../../parser/diagnostic.ts';
import { recomputedFeatures } from '../../findings/plan.ts';
import { recomputedWork } from '../../layers/recomputed.ts';
import type { PlanCheck } from './plan-check.ts';

/** Views that the cure offers. */
const VIEWS = 4;

/** Of the stages of a run the one that loses most is told. */
export const checkRecomputedFeatures: PlanCheck = ({ run, layers, at }) => {
  if (run === null || layers === null) return [];
  const [worst] = run.stages
    .map((stage, i) => ({ ...stage, work: recomputedWork(run, layers.stages[i]?.prefix ?? null) }))
    // shorter stages would hardly show a view twice
    .filter(({ work, epochs }) => work > 0 && epochs > VIEWS)
    .sort((a, b) => b.work * b.epochs - a.work * a.epochs);
  if (worst === undefined) return [];
  const work = `${Math.max(1, Math.round(worst.work / 1e6))} million multiply-adds an image`;
  return [
    finding(
      recomputedFeatures,
      at(run.augment[0]!),
      `Augmentation has the frozen layers of stage "${worst.name}" compute each image anew in each of ${worst.epochs} epochs: ${work}.`,
      {
        help: `\`views ${VIEWS}\` in the augment block draws ${VIEWS} changed views of each image once, and their features are kept.`,
      },
    ),
  ];
};
