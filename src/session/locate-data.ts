// Verb: a plan and its file → the plan with the places of its files whole: as in imports, a path begins at the file's folder.
import { dirname, resolve } from 'node:path';
import type { BackbonePlan, Plan, SourcePlan } from '../compiler/plan/plan.ts';

const locateSource = (source: SourcePlan, folder: string): SourcePlan => {
  if (source.kind === 'csv') return { ...source, path: resolve(folder, source.path) };
  if (source.kind !== 'folder') return source;
  const test = source.test === null ? null : resolve(folder, source.test);
  return { ...source, path: resolve(folder, source.path), test };
};

const locateWeights = (backbone: BackbonePlan, folder: string): BackbonePlan => {
  if (backbone.weights.kind !== 'file') return backbone;
  const path = resolve(folder, backbone.weights.path);
  return backbone.kind === 'known'
    ? { ...backbone, weights: { ...backbone.weights, path } }
    : { ...backbone, weights: { ...backbone.weights, path } };
};

/** `file` as the person wrote it; for `-` paths begin at the working folder. */
export const locateData = (plan: Plan, file: string): Plan => {
  const folder = file === '-' ? '.' : dirname(file);
  return {
    ...plan,
    runs: plan.runs.map((run) => ({
      ...run,
      data: { ...run.data, source: locateSource(run.data.source, folder) },
      backbone: locateWeights(run.backbone, folder),
    })),
  };
};
