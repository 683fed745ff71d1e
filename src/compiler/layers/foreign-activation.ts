// Verb: an activation that tfjs-layers 4.22 lacks, or means otherwise → layers it has (docs/facts/tfjs-layers.md).
import type { Activation, TopologyLayer } from './layers.ts';

/** tfjs' own hard_sigmoid is the Keras 2 form; the others are not registered. */
export const foreignActivations: ReadonlySet<Activation> = new Set(['hard_sigmoid', 'hard_swish', 'leaky_relu']);

/** Slope below zero of Keras' activation function `leaky_relu` (the layer of that name uses 0.3). */
const leakySlope = 0.2;

/** Layers that turn the output of `source` into its activation; the last one is named `result`. */
export function replaceActivation(
  activation: Activation,
  prefix: string,
  source: string,
  result: string,
): readonly TopologyLayer[] {
  const layer = (class_name: string, name: string, config: object, sources: readonly string[]): TopologyLayer => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: [sources.map((from) => [from, 0, 0] as const)],
  });
  if (activation === 'leaky_relu') return [layer('LeakyReLU', result, { alpha: leakySlope }, [source])];
  const gate = activation === 'hard_sigmoid' ? result : `${prefix}__gate`;
  // relu6(x + 3) / 6, times x for hard_swish.
  return [
    layer('Rescaling', `${prefix}__plus3`, { scale: 1, offset: 3 }, [source]),
    layer('ReLU', `${prefix}__relu6`, { max_value: 6 }, [`${prefix}__plus3`]),
    layer('Rescaling', gate, { scale: 1 / 6, offset: 0 }, [`${prefix}__relu6`]),
    ...(activation === 'hard_swish' ? [layer('Multiply', result, {}, [source, gate])] : []),
  ];
}
