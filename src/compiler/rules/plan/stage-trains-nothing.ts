// Rule: a stage that leaves every weight as it is.
import { finding } from '../../../parser/diagnostic.ts';
import { removal } from '../correction.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const stages = (second: string): string =>
  pipeline({
    schedule: `stage "feature extraction" { freeze backbone; epochs 5 }\n  stage "fine-tuning" { ${second} }`,
  });

export const stageTrainsNothing: PlanRule = {
  code: 'TLP2011',
  name: 'stage-trains-nothing',
  severity: 'error',
  summary: 'A stage of several trains nothing.',
  explanation:
    'A stage without epochs, or one whose layers are all frozen or have no weights, ends with the weights that it began with. Often its `epochs` were set to 0 to try the others. A run that only measures has `epochs 0` for all of its stages.',
  bad: stages('epochs 0'),
  good: stages('epochs 2; optimizer adam(lr: 1e-5)'),
  check: ({ draft, model, frozen, at }) => {
    const all = draft.stages ?? [];
    if (!all.some(({ epochs }) => epochs > 0)) return [];
    return all.flatMap((stage, i) => {
      const still = model?.layers.every(
        ({ name, weights }) => frozen[i]?.has(name) || weights.every(({ kind }) => kind !== 'trainable'),
      );
      if (stage.epochs > 0 && still !== true) return [];
      const message =
        stage.epochs === 0
          ? `The stage "${stage.name}" has no epochs: it trains nothing.`
          : `The stage "${stage.name}" has no layer that trains.`;
      return [
        finding(stageTrainsNothing, at(stage, 'epochs'), message, {
          help: stage.epochs === 0 ? 'Give it epochs, or remove it.' : 'Freeze less, or remove it.',
          ...(all.length > 1 && stage.epochs === 0 ? removal(at(stage), false, 'Remove the stage') : {}),
        }),
      ];
    });
  },
};
