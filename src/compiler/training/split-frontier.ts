// Pass: split at the freeze frontier. What depends on images and constant weights alone becomes a graph of its own.
import type { Graph } from '../graph/graph.ts';
import { pruneGraph } from '../graph/prune.ts';

export interface Split {
  /** Images to features; null when nothing worth computing apart lies below the frontier. */
  readonly prefix: Graph | null;
  /** Values that cross the frontier. */
  readonly features: readonly string[];
}

/** Operators that make a prefix worth a call of its own. */
const HEAVY = new Set(['Conv', 'Gemm']);

/** Finds the frontier of `graph`: `constant` are the inputs that never change during the stage. */
export const splitAtFrontier = (graph: Graph, constant: ReadonlySet<string>): Split => {
  const below = new Set<string>(['images', ...constant, ...graph.constants.map(({ name }) => name)]);
  const fromImages = new Set<string>(['images']);
  for (const node of graph.nodes) {
    if (!node.inputs.every((input) => below.has(input))) continue;
    const seesImages = node.inputs.some((input) => fromImages.has(input));
    for (const output of node.outputs) {
      below.add(output);
      if (seesImages) fromImages.add(output);
    }
  }
  const crossing = new Set<string>();
  const outputs = new Set(graph.outputs);
  for (const node of graph.nodes) {
    const inside = fromImages.has(node.outputs[0] as string);
    if (inside) for (const output of node.outputs) if (outputs.has(output)) crossing.add(output);
    if (inside) continue;
    for (const input of node.inputs) if (fromImages.has(input) && input !== 'images') crossing.add(input);
  }
  const features = [...crossing];
  if (features.length === 0) return { prefix: null, features: [] };
  const prefix = { ...pruneGraph(graph, features), name: 'prefix' };
  return prefix.nodes.some((node) => HEAVY.has(node.op.op)) ? { prefix, features } : { prefix: null, features: [] };
};
