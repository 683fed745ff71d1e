// Noun: the graphs of one stage on their way through the passes: what is trained, what is constant, and what is fed.
import type { Graph } from '../graph/graph.ts';
import type { FrozenPrefix } from '../layers/frozen-prefix.ts';
import type { LayersModel } from '../layers/layers.ts';
import type { Trained } from '../layers/trained.ts';
import type { StagePlan } from '../plan/plan.ts';
import type { MaskInput, StateTensor, WeightUpdate } from './state-tensor.ts';

/** Everything that a stage of training says about the graphs. */
export interface TrainingRequest {
  readonly model: LayersModel;
  readonly stage: StagePlan;
  /** Names of the frozen layers. */
  readonly frozen: ReadonlySet<string>;
  readonly trained: Trained;
  readonly prefix: FrozenPrefix | null;
  /** Weight of each class in the training loss, as Keras' `class_weight`; null: all 1. */
  readonly classWeights: readonly number[] | null;
}

export interface TrainingGraphs {
  readonly classes: number;
  /** The value that each layer gives, by its name; the same in all graphs. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Everything that lives between steps, weights first. */
  readonly state: readonly StateTensor[];
  readonly masks: readonly MaskInput[];
  /** The frozen part below the freeze frontier: images to features, all its weights constant. Null when there is none. */
  readonly prefix: Graph | null;
  /** Outputs `loss`, `correct`, next values of the statistics and clipped gradients of the weights. Null when nothing trains. */
  readonly gradients: Graph | null;
  /** The whole step: outputs `loss`, `correct` and the next value of all state that it changes. Null when nothing trains. */
  readonly train: Graph | null;
  /** What the optimizer changes, for engines that update in place instead of in the graph. */
  readonly updates: readonly WeightUpdate[];
  /** Outputs `loss` and `correct`. */
  readonly evaluate: Graph;
  /** Output `probabilities`. */
  readonly predict: Graph;
}

/** Names of the weights that the stage never changes. */
export const constantsOf = ({ state }: TrainingGraphs): ReadonlySet<string> =>
  new Set(state.filter(({ weight, updated }) => weight !== null && !updated).map(({ name }) => name));

/** The same change to every graph. */
export const mapGraphs = (graphs: TrainingGraphs, change: (graph: Graph) => Graph): TrainingGraphs => ({
  ...graphs,
  prefix: graphs.prefix === null ? null : change(graphs.prefix),
  gradients: graphs.gradients === null ? null : change(graphs.gradients),
  train: graphs.train === null ? null : change(graphs.train),
  evaluate: change(graphs.evaluate),
  predict: change(graphs.predict),
});
