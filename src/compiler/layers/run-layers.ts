// Verb: a run of the plan to its layers with what each stage freezes. Built once; checks, facts and the compiler take it.
import type { RunPlan } from '../plan/plan.ts';
import { buildLayers } from './build-layers.ts';
import { frozenLayers, movingStatistics, trainableWeights } from './freeze.ts';
import { type FrozenPrefix, frozenPrefix } from './frozen-prefix.ts';
import type { LayersModel } from './layers.ts';
import type { LayerProblem } from './problem.ts';
import type { Trained } from './trained.ts';

/** What a stage does with the layers. */
export interface StageLayers {
  /** Names of the frozen layers. */
  readonly frozen: ReadonlySet<string>;
  readonly trained: Trained;
  /** What is computed apart from the step, since images and frozen weights alone decide it; null: nothing. */
  readonly prefix: FrozenPrefix | null;
}

/** The layers of a run and its stages. With problems the rest is only good for being shown. */
export interface RunLayers {
  readonly model: LayersModel;
  /** In the order of the run's stages. */
  readonly stages: readonly StageLayers[];
  readonly problems: readonly LayerProblem[];
}

/** `at` is the JSON pointer of the run in the plan, the front of all origins. */
export function buildRunLayers(run: RunPlan, at = '/runs/0'): RunLayers {
  const { model, problems } = buildLayers(run, at);
  const stages = run.stages.map(({ freeze }, index) => {
    const policy = frozenLayers(model, freeze, `${at}/stages/${index}/freeze`);
    const trained: Trained = {
      trainable: namesOf(trainableWeights(model, policy.frozen, freeze.batch_norm)),
      moving: namesOf(movingStatistics(model, policy.frozen, freeze.batch_norm)),
    };
    const { frozen, problems } = policy;
    return { frozen, trained, prefix: frozenPrefix(model, { frozen, trained }), problems };
  });
  return { model, stages, problems: [...problems, ...stages.flatMap((stage) => stage.problems)] };
}

function namesOf(weights: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(weights.map(({ name }) => name));
}
