// Graph to graph: keep what the outputs need, and compute equal things once.
import type { Graph, Node } from './graph.ts';

/** The part of the graph that computes `outputs`, with `given` values fed from outside instead of computed. */
export const pruneGraph = (
  graph: Graph,
  outputs: readonly string[] = graph.outputs,
  given: readonly string[] = [],
): Graph => {
  const needed = new Set(outputs);
  const free = new Set(given);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output) && !free.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  const kept = nodes.reverse();
  const made = new Set(kept.flatMap((node) => node.outputs));
  const constants = graph.constants.filter(({ name }) => needed.has(name));
  const inputs = [...given, ...graph.inputs.filter((name) => !free.has(name))].filter((name) => needed.has(name));
  const names = new Set([...made, ...inputs, ...constants.map(({ name }) => name)]);
  return {
    ...graph,
    values: new Map([...graph.values].filter(([name]) => names.has(name))),
    inputs,
    outputs,
    constants,
    nodes: kept,
  };
};

/** Nodes with the same operator, attributes and inputs become one (common subexpression elimination). */
export const shareEqualNodes = (graph: Graph): Graph => {
  const first = new Map<string, Node>();
  const renamed = new Map<string, string>();
  const protectedNames = new Set(graph.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => renamed.get(input) ?? input);
    const key = JSON.stringify([node.op, inputs]);
    const same = first.get(key);
    if (same && !node.outputs.some((output) => protectedNames.has(output))) {
      for (const [index, output] of node.outputs.entries()) renamed.set(output, same.outputs[index] as string);
      continue;
    }
    const kept = { ...node, inputs };
    if (!same) first.set(key, kept);
    nodes.push(kept);
  }
  return pruneGraph({ ...graph, nodes });
};
