// Pass: batch norm in training form is spelled with plain operators, because providers do not agree on ONNX' own training mode:
// WebGPU lacks it, and on the CPU its statistics are written over the memory of the old ones, constants included.
import { formulas } from '../graph/builder.ts';
import { fixed } from '../graph/dims.ts';
import type { Graph } from '../graph/graph.ts';
import { rewriteGraph } from '../graph/rewrite.ts';

/** mean and population variance a channel, then the inference form with them: one pass over X each for mean, deviation, variance and Y. */
export const spellBatchNorm = (graph: Graph): Graph =>
  rewriteGraph(graph, ({ op, inputs, outputs }, b) => {
    if (op.op !== 'BatchNormalizationTraining') return null;
    const f = formulas(b);
    const [x, scale, bias] = inputs as [string, string, string];
    const shape = b.shape(x);
    const axes = shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const channels = [fixed(shape[1])];
    const scope = (outputs[0] as string).split('/').slice(0, -1).join('/');
    return b.scope(scope, () => {
      const mean = f.mean(x, axes, true);
      const centred = f.sub(x, mean);
      const variance = f.mean(f.mul(centred, centred), axes);
      const flatMean = f.reshape(mean, channels);
      const y = b.add({ op: 'BatchNormalization', epsilon: op.epsilon }, [x, scale, bias, flatMean, variance]);
      return [y, flatMean, variance];
    });
  });
