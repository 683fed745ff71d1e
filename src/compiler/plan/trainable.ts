// Table: what the language has and tlp cannot run yet; and the plan without it, which compiler and trainer take.
import type { AugmentPlan, DataPlan, Plan, RunPlan } from './plan.ts';
import { startsFrom } from './starts-from.ts';

/** An entry goes when its meaning is there. Types then ask for the meaning where it is missing. */
const notYet = {
  augment: ['blur', 'noise', 'erase', 'rand_augment'],
  validation: ['folder'],
} as const satisfies {
  readonly augment: readonly AugmentPlan['kind'][];
  readonly validation: readonly DataPlan['validation']['kind'][];
};

type NotYet<K extends keyof typeof notYet> = (typeof notYet)[K][number];

export type TrainableAugment = Exclude<AugmentPlan, { readonly kind: NotYet<'augment'> }>;

export interface TrainableData extends DataPlan {
  readonly validation: Exclude<DataPlan['validation'], { readonly kind: NotYet<'validation'> }>;
}

/** A run of which nothing is missing. */
export interface TrainableRun extends RunPlan {
  readonly augment: readonly TrainableAugment[];
  readonly data: TrainableData;
}

export interface TrainablePlan extends Plan {
  readonly runs: readonly TrainableRun[];
}

/** Why a run cannot be trained yet, in the words of the file. */
export interface NotRunYet {
  readonly run: string;
  readonly reasons: readonly string[];
}

const among = (kinds: readonly string[], kind: string): boolean => kinds.includes(kind);

/** Why a run cannot be trained yet, in the words of the file; empty for one that can. */
export const notRunYet = ({ augment, data }: RunPlan): readonly string[] => [
  ...new Set(augment.filter(({ kind }) => among(notYet.augment, kind)).map(({ kind }) => `augment \`${kind}\``)),
  ...(among(notYet.validation, data.validation.kind) ? [`\`validation ${data.validation.kind}\``] : []),
];

const isTrainable = (run: RunPlan): run is TrainableRun => notRunYet(run).length === 0;

/** The run as compiler and trainer take it, or why they do not. */
export const trainableRun = (run: RunPlan): { readonly run: TrainableRun } | { readonly missing: NotRunYet } =>
  isTrainable(run) ? { run } : { missing: { run: run.name, reasons: notRunYet(run) } };

/** The runs that can be trained, and the others. A run that starts from one that cannot be trained cannot be trained either. */
export const trainablePlan = (plan: Plan): { readonly plan: TrainablePlan; readonly missing: readonly NotRunYet[] } => {
  const runs: TrainableRun[] = [];
  const missing = new Map<string, NotRunYet>();
  for (const run of plan.runs) {
    const before = startsFrom(run).flatMap((name) => (missing.has(name) ? [`it starts from "${name}"`] : []));
    if (isTrainable(run) && before.length === 0) runs.push(run);
    else missing.set(run.name, { run: run.name, reasons: [...notRunYet(run), ...before] });
  }
  return { plan: { ...plan, runs }, missing: [...missing.values()] };
};

/** `not run yet: augment \`blur\` (run "B")`. */
export const notRunYetLine = (missing: readonly NotRunYet[]): string =>
  `not run yet: ${missing.map(({ run, reasons }) => `${reasons.join(', ')} (run "${run}")`).join('; ')}`;
