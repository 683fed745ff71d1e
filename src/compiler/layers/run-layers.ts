// Verb: a run of the plan to its layers with what each stage freezes. Built once; checks, facts and the compiler take it.
import type { FreezePlan, RunPlan } from '../plan/plan.ts';
import { type BuiltLayers, buildLayers } from './build-layers.ts';
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
  const built = buildLayers(run, at);
  return joined(
    built,
    run.stages.map(({ freeze }, index) => stageLayers(built, freeze, `${at}/stages/${index}/freeze`)),
  );
}

interface StageFound {
  readonly layers: StageLayers;
  readonly problems: readonly LayerProblem[];
}

function joined({ model, problems }: BuiltLayers, stages: readonly StageFound[]): RunLayers {
  return {
    model,
    stages: stages.map(({ layers }) => layers),
    problems: [...problems, ...stages.flatMap((stage) => stage.problems)],
  };
}

function stageLayers({ model }: BuiltLayers, freeze: FreezePlan, at: string): StageFound {
  const { frozen, problems } = frozenLayers(model, freeze, at);
  const trained: Trained = {
    trainable: namesOf(trainableWeights(model, frozen, freeze.batch_norm)),
    moving: namesOf(movingStatistics(model, frozen, freeze.batch_norm)),
  };
  return { layers: { frozen, trained, prefix: frozenPrefix(model, { frozen, trained }) }, problems };
}

/** Layers that are looked at in all, once for a network and once for each freeze policy on it. */
const MOST_LAYERS = 60_000;

/**
 * The layers of the runs of a plan. Runs of the same parts share their network, and what a freeze policy makes of it. Of more runs
 * than can be looked at, the last ones are left out.
 */
export function layersOfRuns(runs: readonly RunPlan[]): ReadonlyMap<RunPlan, RunLayers> {
  const found = new Map<RunPlan, RunLayers>();
  const networks = new Map<string, { readonly built: BuiltLayers; readonly stages: Map<FreezePlan, StageFound> }>();
  const idOf = identities();
  let looked = 0;
  for (const [i, run] of runs.entries()) {
    if (looked > MOST_LAYERS) break;
    const at = `/runs/${i}`;
    const key = JSON.stringify([run.data.image, idOf(run.backbone), idOf(run.head)]);
    const network = networks.get(key) ?? { built: buildLayers(run, at), stages: new Map() };
    if (!networks.has(key)) looked += network.built.model.layers.length;
    networks.set(key, network);
    const stages: StageFound[] = [];
    for (const [index, { freeze }] of run.stages.entries()) {
      if (looked > MOST_LAYERS) return found;
      const made = network.stages.get(freeze) ?? stageLayers(network.built, freeze, `${at}/stages/${index}/freeze`);
      if (!network.stages.has(freeze)) looked += network.built.model.layers.length;
      network.stages.set(freeze, made);
      stages.push(made);
    }
    found.set(run, joined(network.built, stages));
  }
  return found;
}

/** A number for each object, the same for the same one. */
function identities(): (object: object) => number {
  const known = new Map<object, number>();
  return (object) => {
    const id = known.get(object) ?? known.size;
    known.set(object, id);
    return id;
  };
}

function namesOf(weights: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(weights.map(({ name }) => name));
}
