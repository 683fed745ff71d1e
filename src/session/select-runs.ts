// Verb: plan and command-line options → the plan that is trained. What is overridden stands in the run's plan.yaml.
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import { startsFrom } from '../compiler/plan/starts-from.ts';
import { SessionError } from './session-error.ts';

export interface Overrides {
  /** Train this run only, after those whose weights it continues. */
  readonly run?: string | undefined;
  /** Epochs of every stage. */
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
}

/** The run and those it starts from, in the order to train them. */
const chainOf = (runs: readonly RunPlan[], name: string): readonly RunPlan[] => {
  const run = runs.find((each) => each.name === name);
  if (run === undefined) {
    const names = runs.map((each) => `"${each.name}"`).join(', ');
    throw new SessionError(`this file has no run "${name}": it has ${names}`);
  }
  return [...startsFrom(run).flatMap((before) => chainOf(runs, before)), run];
};

/** Every run after those it starts from; otherwise in the order of the file. */
const ordered = (runs: readonly RunPlan[]): readonly RunPlan[] => [
  ...new Set(runs.flatMap((run) => chainOf(runs, run.name))),
];

/** Throws SessionError for a name that no run has. */
export const selectRuns = (plan: Plan, overrides: Overrides): Plan => {
  const { run, epochs, seed } = overrides;
  const chosen = run === undefined ? ordered(plan.runs) : [...new Set(chainOf(plan.runs, run))];
  return {
    ...plan,
    runs: chosen.map((each) => ({
      ...each,
      seed: seed ?? each.seed,
      stages: each.stages.map((stage) => ({ ...stage, epochs: epochs ?? stage.epochs })),
    })),
  };
};

/** At most `limit` train images, and the same share of the test images, but at least one. */
export const limitImages = <R extends RunPlan>(
  run: R,
  limit: number | undefined,
  counts: { readonly train: number; readonly test: number },
): R => {
  if (limit === undefined) return run;
  const before = run.data.limit;
  const train = Math.min(limit, before.train ?? counts.train, counts.train);
  const available = Math.min(before.test ?? counts.test, counts.test);
  const share = train / Math.min(before.train ?? counts.train, counts.train);
  const test = available === 0 ? before.test : Math.max(1, Math.round(available * share));
  return { ...run, data: { ...run.data, limit: { train, test } } };
};
