// Verb: the plan of a run folder → its only run, as it was trained.
import { buildLayers } from '../../compiler/layers/build-layers.ts';
import { parsePlan } from '../../compiler/plan/parse-plan.ts';
import type { Plan, RunPlan } from '../../compiler/plan/plan.ts';
import type { Weights } from '../engine/engine.ts';
import { damaged, readText } from './read-file.ts';

/** Name of the plan in a run folder. */
export const planFile = 'plan.yaml';

export interface PlanOfRun {
  /** With one run. */
  readonly plan: Plan;
  readonly run: RunPlan;
  /** As the file has it. */
  readonly text: string;
}

/** Throws RunFolderError where the file is missing, damaged, or holds another number of runs than one. */
export const readPlanFile = async (folder: string): Promise<PlanOfRun> => {
  const text = await readText(folder, planFile);
  const parsed = parsePlan(text);
  if ('problem' in parsed) throw damaged(folder, planFile, parsed.problem);
  const { plan } = parsed;
  const [run] = plan.runs;
  if (run === undefined || plan.runs.length > 1) {
    throw damaged(folder, planFile, `has ${plan.runs.length} runs, and that of a run folder has one`);
  }
  return { plan, run, text };
};

/** Why weights are not those of the run's network, in half a sentence; null where they are. */
export const weightsMisfit = (run: RunPlan, weights: Weights): string | null => {
  const wanted = buildLayers(run).model.layers.flatMap((layer) => layer.weights);
  for (const { name, shape } of wanted) {
    const size = shape.reduce((product, length) => product * length, 1);
    const found = weights.get(name)?.length;
    if (found === undefined) return `without ${name}`;
    if (found !== size) return `with ${found} values in ${name}, which has the shape ${shape.join('x')}`;
  }
  const known = new Set(wanted.map(({ name }) => name));
  const other = [...weights.keys()].find((name) => !known.has(name));
  return other === undefined ? null : `with ${other}, which it does not have`;
};
