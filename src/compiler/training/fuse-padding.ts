// Pass: zero padding before a convolution becomes the convolution's own padding, forward and backward.
import type { Graph, Node, Pads } from '../graph/graph.ts';
import { pruneGraph } from '../graph/prune.ts';

/** Pad(height, width) whose only reader is a Conv disappears into it. */
export const fusePadding = (graph: Graph): Graph => {
  const readers = new Map<string, number>();
  for (const node of graph.nodes) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const paddings = new Map<string, Node>();
  const nodes = graph.nodes.map((node): Node => {
    if (node.op.op === 'Pad' && readers.get(node.outputs[0] as string) === 1)
      paddings.set(node.outputs[0] as string, node);
    const source = paddings.get(node.inputs[0] as string);
    if (node.op.op !== 'Conv' || source?.op.op !== 'Pad') return node;
    const [n0, c0, top, left, n1, c1, bottom, right] = source.op.pads as readonly [
      number,
      number,
      ...Pads,
      number,
      number,
    ];
    if (n0 !== 0 || c0 !== 0 || n1 !== 0 || c1 !== 0) return node;
    const own = node.op.pads;
    const pads: Pads = [own[0] + top, own[1] + left, own[2] + bottom, own[3] + right];
    return { ...node, op: { ...node.op, pads }, inputs: [source.inputs[0] as string, ...node.inputs.slice(1)] };
  });
  return pruneGraph({ ...graph, nodes });
};
