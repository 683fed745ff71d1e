// Noun: the graphs of one stage, before they are encoded: what is trained, what is constant, and what is fed.
import type { Graph } from '../graph/graph.ts';
import type { MaskInput, StateTensor } from '../onnx/step-program.ts';

export interface TrainingGraphs {
  readonly classes: number;
  /** Everything that lives between steps, weights first. */
  readonly state: readonly StateTensor[];
  readonly masks: readonly MaskInput[];
  /** The frozen part below the freeze frontier: images to features, all its weights constant. Null when there is none. */
  readonly prefix: Graph | null;
  /** Null when nothing trains. */
  readonly train: Graph | null;
  readonly evaluate: Graph;
  readonly predict: Graph;
}
