// Pass: split at the freeze frontier. What depends on images and constant weights alone becomes a graph of its own.
import type { Graph } from '../graph/graph.ts';
import { pruneGraph } from '../graph/prune.ts';
import { constantsOf, mapGraphs, type TrainingGraphs } from './training-graphs.ts';

/** Operators that make a prefix worth a call of its own. */
const HEAVY = new Set(['Conv', 'Gemm']);

/** Values that cross from what images and `constant` inputs alone decide to the rest of the graph. */
const frontierOf = (graph: Graph, constant: ReadonlySet<string>): readonly string[] => {
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
  return [...crossing];
};

/** Cuts all graphs at the frontier of the train graph. Leaves them whole when nothing heavy lies below it. */
export const splitAtFrontier = (graphs: TrainingGraphs): TrainingGraphs => {
  const { train } = graphs;
  if (train === null) return graphs;
  const features = frontierOf(train, constantsOf(graphs));
  const prefix = { ...pruneGraph(train, features), name: 'prefix' };
  if (!prefix.nodes.some((node) => HEAVY.has(node.op.op))) return graphs;
  return { ...mapGraphs(graphs, (graph) => pruneGraph(graph, graph.outputs, features)), prefix };
};
