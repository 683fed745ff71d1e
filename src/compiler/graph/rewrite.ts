// Graph to graph: some nodes are replaced by others, all else keeps its name and order.
import { type Builder, createBuilder } from './builder.ts';
import type { Graph, Node } from './graph.ts';
import { pruneGraph } from './prune.ts';

/**
 * Adds nodes that stand for `node` and gives the values that stand for its outputs; null keeps the node.
 * `current` is the value that stands by now for one of the graph as it was.
 */
export type Rewrite = (node: Node, b: Builder, current: (value: string) => string) => readonly string[] | null;

/** Applies `rewrite` to every node in order. Outputs of the graph must not be outputs of replaced nodes. */
export const rewriteGraph = (graph: Graph, rewrite: Rewrite): Graph => {
  const b = createBuilder({ ...graph, nodes: [] });
  const renamed = new Map<string, string>();
  const current = (value: string): string => renamed.get(value) ?? value;
  const nodes: Node[] = [];
  let taken = 0;
  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map(current) };
    const replacement = rewrite(node, b, current);
    nodes.push(...b.nodes.slice(taken));
    taken = b.nodes.length;
    if (replacement === null) nodes.push(node);
    else for (const [index, output] of node.outputs.entries()) renamed.set(output, replacement[index] as string);
  }
  if (renamed.size === 0) return graph;
  return pruneGraph({ ...b.finish(graph.outputs, graph.name), inputs: graph.inputs, nodes });
};
