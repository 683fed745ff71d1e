// Pass: a batch norm in inference form after a convolution whose weights are given like its own becomes part of the convolution.
import { formulas } from '../graph/builder.ts';
import { fixed } from '../graph/dims.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { rewriteGraph } from '../graph/rewrite.ts';

/**
 * With s = scale / sqrt(variance + epsilon): s (W x + b - mean) + bias = (s W) x + (s (b - mean) + bias).
 * Where all weights are constants of the model, the engine computes the folded kernel once, when it loads the model; where
 * they are inputs, a pass over the kernel at each batch replaces one over all maps. `given`: the weights to fold.
 */
export const foldBatchNorm = (graph: Graph, given: ReadonlySet<string>): Graph => {
  const readers = new Map<string, number>();
  for (const node of graph.nodes) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  for (const output of graph.outputs) readers.set(output, (readers.get(output) ?? 0) + 1);
  const fixedValue = (name: string): boolean =>
    given.has(name) || graph.constants.some((candidate) => candidate.name === name);
  const convolutions = new Map<string, Node>();
  const folded = new Map<string, Node>();
  for (const node of graph.nodes) {
    if (node.op.op === 'Conv' && node.inputs.slice(1).every(fixedValue))
      convolutions.set(node.outputs[0] as string, node);
    const source = convolutions.get(node.inputs[0] as string);
    if (node.op.op !== 'BatchNormalization' || !source || readers.get(source.outputs[0] as string) !== 1) continue;
    // The value at the frontier keeps its name: other graphs read it.
    if (graph.outputs.includes(node.outputs[0] as string)) continue;
    if (node.inputs.slice(1).every(fixedValue)) folded.set(node.outputs[0] as string, source);
  }
  return rewriteGraph(graph, (node, b, current) => {
    const source = folded.get(node.outputs[0] as string);
    if (!source || node.op.op !== 'BatchNormalization') return null;
    const f = formulas(b);
    const { epsilon } = node.op;
    const [, scale, bias, mean, variance] = node.inputs as [string, string, string, string, string];
    const [x, kernel, ownBias] = source.inputs.map(current) as [string, string, string | undefined];
    const scope = (node.outputs[0] as string).split('/').slice(0, -1).join('/');
    return b.scope(scope, () => {
      const gain = f.div(scale, f.sqrt(f.add(variance, epsilon)));
      const rows = f.reshape(gain, [fixed(b.shape(gain)[0]), 1, 1, 1]);
      const shift = ownBias === undefined ? f.neg(mean) : f.sub(ownBias, mean);
      return [b.add(source.op, [x, f.mul(kernel, rows), f.add(f.mul(gain, shift), bias)])];
    });
  });
};
