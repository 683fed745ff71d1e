// Verb: a plan and its facts → how many images have features in the cache already, for the first stage of each run.
import type { RunFacts } from '../compiler/facts.ts';
import type { Plan } from '../compiler/plan/plan.ts';
import { cacheRoot } from '../runtime/cache/cache-root.ts';
import { featureIdentity } from '../runtime/cache/feature-identity.ts';
import { listCaches } from '../runtime/cache/list-caches.ts';
import type { Environment } from './check-file.ts';

/**
 * Images with kept features, one entry a run in the order of the plan, whose paths are whole; null where nothing can be kept or it cannot be
 * told. Looks at the folder of caches only.
 */
export const keptFeatures = (
  { runs }: Plan,
  facts: readonly RunFacts[],
  environment: Environment,
): readonly (number | null)[] => {
  const wanted = runs.map((run, i) => {
    const prefix = facts[i]?.stages[0]?.cacheable ?? null;
    return prefix === null
      ? null
      : featureIdentity(
          run,
          prefix.features.map(({ layer }) => layer),
        );
  });
  if (wanted.every((identity) => identity === null)) return wanted.map(() => null);
  const caches = listCaches(cacheRoot(environment));
  return wanted.map((identity) =>
    identity === null
      ? null
      : Math.max(0, ...caches.filter(({ about }) => about?.identity === identity).map(({ rows }) => rows)),
  );
};
