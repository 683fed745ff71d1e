// Verb: a run of the plan to what follows from it without opening the data: images, layers, costs, what can be cached.
import {
  flopsOf,
  type ParameterCounts,
  parameterCounts,
  type StepMemory,
  stepFlopsOf,
  stepMemory,
} from './layers/cost.ts';
import type { FrozenPrefix } from './layers/frozen-prefix.ts';
import type { LayersModel } from './layers/layers.ts';
import { blendsImages, recomputedWork } from './layers/recomputed.ts';
import { buildRunLayers, type RunLayers } from './layers/run-layers.ts';
import { type ImageCounts, imageCounts } from './plan/image-counts.ts';
import type { RunPlan, StagePlan } from './plan/plan.ts';
import { notRunYet } from './plan/trainable.ts';
import { optimizerSlots } from './training/optimizers.ts';

export interface StageFacts {
  readonly name: string;
  readonly frozen: ReadonlySet<string>;
  readonly parameters: ParameterCounts;
  /** Multiply-adds of one image: `forward` to predict, `step` to train. */
  readonly multiply_adds: { readonly forward: number; readonly step: number };
  /** Bytes. */
  readonly memory: StepMemory;
  /** Null where the number of train images is not known. */
  readonly steps_per_epoch: number | null;
  /** What could be computed once for each image; null: nothing. */
  readonly cacheable: FrozenPrefix | null;
  /** Why nothing is cacheable. */
  readonly uncacheable: string | null;
  /** Multiply-adds of one train image that each epoch computes anew, where fixed views would let their result be kept; else 0. */
  readonly anew: number;
}

export interface RunFacts {
  readonly name: string;
  readonly images: ImageCounts;
  readonly not_run_yet: readonly string[];
  /** Null where the backbone is not built yet. */
  readonly model: LayersModel | null;
  /** Empty where there is no model. */
  readonly stages: readonly StageFacts[];
}

const whyUncacheable = (run: RunPlan, { epochs }: StagePlan, prefix: FrozenPrefix | null): string | null => {
  if (epochs === 0) return 'nothing is trained';
  if (prefix === null) return 'nothing heavy is frozen before the first layer that trains';
  if (!prefix.cacheable) return 'reading its features would cost more than computing them';
  if (blendsImages(run))
    return 'train images are blended with others of their batch before it; only features for evaluation are kept';
  if (recomputedWork(run, prefix) > 0)
    return 'train images are changed at random before it and computed anew in each epoch; only features for evaluation are kept';
  return null;
};

/** `layers` are those of the run, where they were built already. */
export const factsOf = (run: RunPlan, layers: RunLayers = buildRunLayers(run)): RunFacts => {
  const { model, problems } = layers;
  const images = imageCounts(run.data);
  const base = { name: run.name, images, not_run_yet: notRunYet(run) };
  if (problems.length > 0) return { ...base, model: null, stages: [] };
  const stages = run.stages.map((stage, i): StageFacts => {
    const frozen = layers.stages[i]?.frozen ?? new Set<string>();
    const mode = stage.freeze.batch_norm;
    const prefix = stage.epochs === 0 ? null : (layers.stages[i]?.prefix ?? null);
    const uncacheable = whyUncacheable(run, stage, prefix);
    return {
      name: stage.name,
      frozen,
      parameters: parameterCounts(model, frozen, mode),
      multiply_adds: { forward: flopsOf(model), step: stepFlopsOf(model, frozen, mode) },
      memory: stepMemory(model, frozen, stage.batch, optimizerSlots(stage.optimizer).length, mode),
      steps_per_epoch: images.train === null ? null : Math.ceil(images.train / stage.batch),
      cacheable: uncacheable === null ? prefix : null,
      uncacheable,
      anew: recomputedWork(run, prefix),
    };
  });
  return { ...base, model, stages };
};
