// Noun: what is wrong with a network, as data. The caller turns the pointer into a position in the source text.
import type { LayerProblemName } from '../findings/network.ts';

export interface LayerProblem {
  readonly name: LayerProblemName;
  /** JSON pointer into the plan of what asked for it (`/runs/0/head/2`). */
  readonly origin: string;
  /** The cause, with the shapes that do not fit. */
  readonly message: string;
  /** The cure. */
  readonly help: string;
}

/** [224, 224, 3] → `224x224x3`. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('x');
}
