// Check: weights of a run that does not come before, or has another backbone.
import { finding } from '../../../parser/diagnostic.ts';
import { correction } from '../../findings/correction.ts';
import { weightsOfRun } from '../../findings/plan.ts';
import { suggestion } from '../../leaf/nearest.ts';
import type { BackbonePlan } from '../../plan/plan.ts';
import type { PlanCheck } from './plan-check.ts';

const sameLayers = (a: BackbonePlan, b: BackbonePlan): boolean => {
  if (a.kind === 'known' || b.kind === 'known') return a.kind === b.kind && a.name === b.name;
  return a.layers === b.layers || JSON.stringify(a.layers) === JSON.stringify(b.layers);
};

export const checkWeightsOfRun: PlanCheck = ({ draft: { backbone }, earlier, at }) => {
  if (backbone?.weights.kind !== 'run') return [];
  const { weights } = backbone;
  const from = earlier.find(({ name }) => name === weights.name);
  const span = at(weights, 'name', backbone);
  if (from === undefined) {
    const names = earlier.map(({ name }) => name);
    const help =
      names.length === 0 ? 'Runs are done in the order of the file.' : suggestion(weights.name, names, 'runs');
    return [
      finding(weightsOfRun, span, `No run named "${weights.name}" comes before this one.`, {
        help,
        ...correction(span, weights.name, names),
      }),
    ];
  }
  if (from.backbone === null || sameLayers(from.backbone, backbone)) return [];
  return [
    finding(weightsOfRun, span, `The run "${from.name}" has another backbone.`, {
      help: 'Take the same backbone in both runs.',
    }),
  ];
};
