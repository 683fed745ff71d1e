// Verb: a run of the plan to the runs whose final weights it starts from.
import type { RunPlan } from './plan.ts';

/** Names of runs of the same plan: the one it continues, and the one that gives its backbone's weights. */
export const startsFrom = ({ continues, backbone }: Pick<RunPlan, 'continues' | 'backbone'>): readonly string[] => [
  ...new Set([
    ...(continues === null ? [] : [continues]),
    ...(backbone.weights.kind === 'run' ? [backbone.weights.name] : []),
  ]),
];
