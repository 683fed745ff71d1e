// Verb: two plans to what changed in meaning, and what that makes worthless: trained weights, checkpoints, cached features.
import { factsOf, type RunFacts } from './facts.ts';
import type { LayersModel } from './layers/layers.ts';
import type { Plan, RunPlan } from './plan/plan.ts';

/** `undefined`: not there. */
export interface Change {
  /** `data.image.height`, `stages[0].epochs`, `head[2]`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export type CacheState = 'none' | 'good' | 'stale' | 'new';

export interface Effects {
  /** Trained weights: whether they are still those of this run, and whether they could be loaded into its network. */
  readonly trained: { readonly stale: true; readonly fit: boolean; readonly misfits: readonly string[] };
  /** Layers whose first weights are others than before; `null`: the networks cannot be compared. */
  readonly fresh: readonly string[] | null;
  /** Features of the frozen prefix. */
  readonly cache: CacheState;
  /** Whether the test images are the same, so that accuracies can be compared. */
  readonly comparable: boolean;
}

export interface RunComparison {
  readonly name: string;
  readonly status: 'same' | 'changed' | 'added' | 'removed';
  /** Of the run itself. */
  readonly changes: readonly Change[];
  /** The changed run whose weights it starts from. */
  readonly inherited: string | null;
  readonly effects: Effects | null;
}

/** Runs are paired by name; two plans of one run each are paired whatever the names. */
export const comparePlans = (before: Plan, after: Plan): readonly RunComparison[] => {
  const single = before.runs.length === 1 && after.runs.length === 1;
  const old = (run: RunPlan): RunPlan | undefined =>
    single ? before.runs[0] : before.runs.find(({ name }) => name === run.name);
  const out: RunComparison[] = [];
  for (const run of after.runs) {
    const other = old(run);
    const source = out.find(({ name }) => name === run.continues);
    const inherited = source !== undefined && source.status !== 'same' ? source.name : null;
    if (other === undefined) out.push({ ...bare(run), status: 'added' });
    else {
      const { name: _, ...from } = other;
      const { name, ...to } = run;
      const changes = differences('', from, to);
      const changed = changes.length > 0 || inherited !== null;
      const effects = changed ? effectsOf(other, run, inherited !== null) : null;
      out.push({ name, status: changed ? 'changed' : 'same', changes, inherited, effects });
    }
  }
  const kept = new Set(after.runs.map((run) => old(run)));
  return [
    ...out,
    ...before.runs.filter((run) => !kept.has(run)).map((run) => ({ ...bare(run), status: 'removed' as const })),
  ];
};

const bare = ({ name }: RunPlan) => ({ name, changes: [], inherited: null, effects: null });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const differences = (path: string, before: unknown, after: unknown): readonly Change[] => {
  if (equal(before, after)) return [];
  if (isRecord(before) && isRecord(after) && before.kind === after.kind) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(path === '' ? key : `${path}.${key}`, before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isRecord)) {
    return listDifferences(path, before, after);
  }
  return [{ path, before, after }];
};

/** Longest common subsequence; what stands alone between two equal pairs is compared with its neighbour. */
const listDifferences = (path: string, a: readonly unknown[], b: readonly unknown[]): readonly Change[] => {
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i]![j] = equal(a[i], b[j])
        ? longest[i + 1]![j + 1]! + 1
        : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const out: Change[] = [];
  const kindOf = (value: unknown): unknown => (isRecord(value) ? value.kind : undefined);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && equal(a[i], b[j])) {
      i++;
      j++;
    } else if (
      i < a.length &&
      j < b.length &&
      kindOf(a[i]) === kindOf(b[j]) &&
      longest[i + 1]![j + 1] === longest[i]![j]
    ) {
      out.push(...differences(`${path}[${j}]`, a[i++], b[j++]));
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      out.push({ path: `${path}[${i}]`, before: a[i++], after: undefined });
    } else out.push({ path: `${path}[${j}]`, before: undefined, after: b[j++] });
  }
  return out;
};

const effectsOf = (before: RunPlan, after: RunPlan, inherited: boolean): Effects => {
  const [old, now] = [factsOf(before), factsOf(after)];
  const shapes = (model: LayersModel | null) =>
    new Map((model?.layers ?? []).flatMap(({ weights }) => weights.map((w) => [w.name, w.shape.join('x')] as const)));
  const [had, has] = [shapes(old.model), shapes(now.model)];
  const misfits = [...new Set([...had.keys(), ...has.keys()])].filter((name) => had.get(name) !== has.get(name));
  return {
    trained: { stale: true, fit: misfits.length === 0, misfits: layersOf(misfits) },
    fresh: freshLayers(before, after, old.model, now.model, inherited),
    cache: cacheState(cacheKeys(before, old), cacheKeys(after, now), inherited),
    comparable: equal(testImages(before), testImages(after)),
  };
};

/** `conv1/kernel` → `conv1`, each once. */
const layersOf = (weights: readonly string[]): readonly string[] => [
  ...new Set(weights.map((name) => name.split('/').slice(0, -1).join('/') || name)),
];

/** A fresh weight depends on the seed, its name, its shape and its initializer alone. */
const freshLayers = (
  before: RunPlan,
  after: RunPlan,
  old: LayersModel | null,
  now: LayersModel | null,
  inherited: boolean,
): readonly string[] | null => {
  if (old === null || now === null) return null;
  const source = (run: RunPlan): unknown => [run.seed, run.continues, run.backbone.weights];
  if (inherited || !equal(source(before), source(after)))
    return now.layers.flatMap((l) => (l.weights.length > 0 ? [l.name] : []));
  const first = new Map(
    old.layers.flatMap(({ weights }) =>
      weights.map((w) => [w.name, JSON.stringify([w.shape, w.initializer])] as const),
    ),
  );
  return now.layers.flatMap(({ name, weights }) =>
    weights.some((w) => first.get(w.name) !== JSON.stringify([w.shape, w.initializer])) ? [name] : [],
  );
};

/** What decides which images are tested. */
const testImages = ({ data: { source, only_classes, limit } }: RunPlan): unknown => [source, only_classes, limit.test];

/** What cached features depend on, for each stage that has some. */
const cacheKeys = (run: RunPlan, { stages }: RunFacts): ReadonlySet<string> => {
  const { source, only_classes, image, source_image, resize, normalize } = run.data;
  const start = run.backbone.weights.kind === 'none' ? run.seed : run.backbone.weights;
  const keys = stages.flatMap(({ cacheable }) =>
    cacheable === null
      ? []
      : [
          JSON.stringify([
            ...[source, only_classes, image, source_image, resize, normalize, start, run.continues],
            cacheable.layers.map(({ origin: _, part: __, ...layer }) => layer),
          ]),
        ],
  );
  return new Set(keys);
};

const cacheState = (before: ReadonlySet<string>, after: ReadonlySet<string>, inherited: boolean): CacheState => {
  if (before.size === 0) return after.size === 0 ? 'none' : 'new';
  return !inherited && after.size > 0 && [...after].every((key) => before.has(key)) ? 'good' : 'stale';
};
