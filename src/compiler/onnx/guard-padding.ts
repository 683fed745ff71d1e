// Pass: zero padding stays apart from the max pooling behind it, whatever loads the model.
import type { Graph, Node } from '../graph/graph.ts';
import { rewriteGraph } from '../graph/rewrite.ts';

/** The largest float32: bounds that change no number. */
const LARGEST = 3.4028234663852886e38;

/**
 * onnxruntime 1.30 fuses a Pad into the MaxPool that reads it, which then pads with minus infinity: wrong wherever a border's values are
 * all below zero. tlp's engine tells it not to; a model that others load has a Clip without effect between the two.
 */
export const guardPadding = (graph: Graph): Graph => {
  const padded = new Set(graph.nodes.flatMap(({ op, outputs }: Node) => (op.op === 'Pad' ? outputs : [])));
  return rewriteGraph(graph, (node, b) => {
    const [input] = node.inputs;
    if (node.op.op !== 'MaxPool' || input === undefined || !padded.has(input)) return null;
    const { op, outputs } = node;
    return b.scope(outputs[0]!.split('/').slice(0, -1).join('/'), () =>
      b.addAll(op, [b.add({ op: 'Clip', min: -LARGEST, max: LARGEST }, [input])]),
    );
  });
};
