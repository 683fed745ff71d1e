// Verb: LayersModel → topology JSON that tf.models.modelFromJSON of tfjs-layers 4.22 accepts.

import type { InitializerPlan, RegularizerPlan } from '../plan/plan.ts';
import { tfjsConfig } from './class-of.ts';
import { foreignActivations, replaceActivation } from './foreign-activation.ts';
import type { Layer, LayerOperation, LayersModel, Topology, TopologyLayer, Weight } from './layers.ts';

type Config = Readonly<Record<string, unknown>>;

/**
 * Layer names are kept, so weights keep their names (`<layer>/<variable>`). What tfjs lacks is written with layers it has:
 * keepdims by Reshape, hard_sigmoid (Keras 3 form), hard_swish and leaky_relu by extra layers behind `<layer>__…` names.
 * `frozen` layers get `trainable: false`. See `tfjsGaps` for what cannot be written.
 */
export function topologyOf(model: LayersModel, frozen: ReadonlySet<string> = new Set()): Topology {
  // Where a layer's output is found when it was written as several layers.
  const outputs = new Map<string, string>();
  const layers = model.layers.flatMap((layer) => {
    const written = writeLayer(layer, (name) => outputs.get(name) ?? name, frozen.has(layer.name));
    outputs.set(layer.name, written.at(-1)?.name ?? layer.name);
    return written;
  });
  const isInput = (layer: TopologyLayer) => layer.class_name === 'InputLayer';
  const end = layers.at(-1);
  return {
    class_name: 'Functional',
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
    config: {
      name: model.name,
      layers,
      input_layers: layers.filter(isInput).map((layer) => [layer.name, 0, 0] as const),
      output_layers: end ? [[end.name, 0, 0]] : [],
    },
  };
}

/** Why tfjs-layers 4.22 cannot load the model (docs/facts/tfjs-layers.md): a line a reason, with its first layer; empty where it can. */
export function tfjsGaps(model: LayersModel): readonly string[] {
  return gaps.flatMap(([reason, applies]) => {
    const [first, ...more] = model.layers.filter(applies);
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return [`${first.name}${others}: ${reason}`];
  });
}

const gaps: readonly (readonly [reason: string, applies: (layer: Layer) => boolean])[] = [
  ['groups are ignored by tfjs-layers', (layer) => layer.class_name === 'Conv2D' && layer.groups > 1],
  [
    'dilation of a depthwise convolution is ignored by tfjs-layers',
    (layer) => layer.class_name === 'DepthwiseConv2D' && Math.max(...layer.dilation_rate) > 1,
  ],
  ['tfjs-layers has no exponential activation', (layer) => 'activation' in layer && layer.activation === 'exponential'],
  ['tfjs-layers has no LayerScale', (layer) => layer.class_name === 'LayerScale'],
];

function writeLayer(layer: Layer, outputOf: (name: string) => string, frozen: boolean): readonly TopologyLayer[] {
  const sources = layer.inputs.map(outputOf);
  const foreign = 'activation' in layer && foreignActivations.has(layer.activation) ? layer.activation : null;
  if (foreign && layer.class_name === 'Activation') {
    return replaceActivation(foreign, layer.name, sources[0] ?? '', layer.name);
  }
  const config = {
    name: layer.name,
    trainable: !frozen,
    ...(layer.class_name === 'InputLayer' ? { batch_input_shape: [null, ...layer.output_shape] } : {}),
    ...tfjsConfig(operationOf(layer)),
    ...(foreign ? { activation: 'linear' } : {}),
    ...Object.assign({}, ...layer.weights.map(weightConfig)),
  };
  if ('keepdims' in layer && layer.keepdims) {
    const pooled = `${layer.name}__pooled`;
    return [
      topologyLayer(layer.class_name, pooled, { name: pooled }, sources),
      topologyLayer('Reshape', layer.name, { ...config, target_shape: layer.output_shape }, [pooled]),
    ];
  }
  const written = topologyLayer(layer.class_name, layer.name, config, sources);
  return foreign
    ? [written, ...replaceActivation(foreign, layer.name, layer.name, `${layer.name}__${foreign}`)]
    : [written];
}

export function topologyLayer(
  class_name: string,
  name: string,
  config: Config,
  sources: readonly string[],
): TopologyLayer {
  const calls = sources.length === 0 ? [] : [sources.map((source) => [source, 0, 0] as const)];
  return { class_name, name, config, inbound_nodes: calls };
}

/** The operation alone, without what belongs to the layer. */
function operationOf({ name, inputs, output_shape, part, weights, origin, ...operation }: Layer): LayerOperation {
  return operation;
}

/** `<layer>/kernel` → kernel_initializer and kernel_regularizer; `depthwise_kernel` → depthwise_initializer. */
function weightConfig(weight: Weight): Config {
  const variable = weight.name.slice(weight.name.lastIndexOf('/') + 1).replace(/(depthwise|pointwise)_kernel/, '$1');
  const regularizer = weight.regularizer ? { [`${variable}_regularizer`]: regularizerConfig(weight.regularizer) } : {};
  return { [`${variable}_initializer`]: initializerConfig(weight.initializer), ...regularizer };
}

const initializerClasses = {
  glorot_uniform: 'GlorotUniform',
  glorot_normal: 'GlorotNormal',
  he_uniform: 'HeUniform',
  he_normal: 'HeNormal',
  lecun_uniform: 'LeCunUniform',
  lecun_normal: 'LeCunNormal',
  zeros: 'Zeros',
  ones: 'Ones',
  random_normal: 'RandomNormal',
  truncated_normal: 'TruncatedNormal',
  random_uniform: 'RandomUniform',
  constant: 'Constant',
} as const;

function initializerConfig(initializer: InitializerPlan): Config {
  return { class_name: initializerClasses[initializer.kind], config: initializerArguments(initializer) };
}

function initializerArguments(initializer: InitializerPlan): Config {
  if ('stddev' in initializer) return { mean: 0, stddev: initializer.stddev };
  if ('limit' in initializer) return { minval: -initializer.limit, maxval: initializer.limit };
  return 'value' in initializer ? { value: initializer.value } : {};
}

function regularizerConfig({ l1, l2 }: RegularizerPlan): Config {
  return { class_name: 'L1L2', config: { l1, l2 } };
}
