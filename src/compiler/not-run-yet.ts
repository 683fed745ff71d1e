// Verb: a run of the plan to what of it the trainer cannot do yet. Refused before anything is trained, never left out.
import { unsupportedAugments } from './kernels/build-preprocess.ts';
import type { Plan, RunPlan } from './plan/plan.ts';
import { startsFrom } from './plan/starts-from.ts';

/** In the words of the file; empty for a run that can be trained. */
export const notRunYet = ({ augment, data }: RunPlan): readonly string[] => [
  ...unsupportedAugments(augment).map((kind) => `augment \`${kind}\``),
  ...(data.validation.kind === 'folder' ? ['`validation folder`'] : []),
];

export interface Runnable {
  /** With the runs that can be trained. */
  readonly plan: Plan;
  /** The others, and why. */
  readonly missing: readonly { readonly run: string; readonly reasons: readonly string[] }[];
}

/** A run that starts from one that cannot be trained cannot be trained either. */
export const runnableRuns = (plan: Plan): Runnable => {
  const missing = new Map<string, readonly string[]>();
  for (const run of plan.runs) {
    const reasons = notRunYet(run);
    const before = startsFrom(run).flatMap((name) => (missing.has(name) ? [`it starts from "${name}"`] : []));
    if (reasons.length + before.length > 0) missing.set(run.name, [...reasons, ...before]);
  }
  return {
    plan: { ...plan, runs: plan.runs.filter(({ name }) => !missing.has(name)) },
    missing: [...missing].map(([run, reasons]) => ({ run, reasons })),
  };
};

/** `not run yet: \`weights imagenet\` (run "B")`. */
export const notRunYetLine = ({ missing }: Pick<Runnable, 'missing'>): string =>
  `not run yet: ${missing.map(({ run, reasons }) => `${reasons.join(', ')} (run "${run}")`).join('; ')}`;
