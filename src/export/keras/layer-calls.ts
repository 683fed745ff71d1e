// Verb: layers → the lines of Python that build them with Keras 3's functional API. Arguments that are Keras' defaults are left out.
import type { Layer, LayerClass, LayersModel, OperationOf, Weight } from '../../compiler/layers/layers.ts';
import { identifiers, literal, type PythonValue } from './python.ts';

type Arguments = Readonly<Record<string, PythonValue>>;

const pair = ([a, b]: readonly [number, number]): PythonValue => ({ tuple: [a, b] });

/** Keras 3 knows `swish` as `silu`. */
const activationOf = (name: string): PythonValue => (name === 'swish' ? 'silu' : name);

interface Windowed {
  readonly kernel_size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'valid' | 'same';
  readonly dilation_rate: readonly [number, number];
  readonly use_bias: boolean;
  readonly activation: string;
}

const windowed = (op: Windowed): Arguments => ({
  kernel_size: pair(op.kernel_size),
  strides: pair(op.strides),
  padding: op.padding,
  dilation_rate: pair(op.dilation_rate),
  use_bias: op.use_bias,
  activation: activationOf(op.activation),
});

const pooling = (op: {
  readonly pool_size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: string;
}): Arguments => ({ pool_size: pair(op.pool_size), strides: pair(op.strides), padding: op.padding });

const none = (): Arguments => ({});

/** The arguments of each class; what is not named here cannot be written. */
const argumentsOf: { readonly [C in LayerClass]?: (op: OperationOf<C>, layer: Layer) => Arguments } = {
  InputLayer: (_, { output_shape }) => ({ shape: { tuple: output_shape } }),
  Dense: (op) => ({ units: op.units, use_bias: op.use_bias, activation: activationOf(op.activation) }),
  Flatten: none,
  Dropout: (op) => ({
    rate: op.rate,
    noise_shape: op.noise_shape === null ? null : { tuple: [null, ...op.noise_shape] },
  }),
  Activation: (op) => ({ activation: activationOf(op.activation) }),
  ReLU: (op) => ({ max_value: op.max_value }),
  ZeroPadding2D: (op) => ({ padding: { tuple: op.padding.map(pair) } }),
  Reshape: (op) => ({ target_shape: { tuple: op.target_shape } }),
  Rescaling: (op) => ({ scale: op.scale, offset: op.offset }),
  LayerScale: (op) => ({ init_values: op.init_values }),
  Conv2D: (op) => ({ filters: op.filters, ...windowed(op), groups: op.groups }),
  DepthwiseConv2D: (op) => ({ ...windowed(op), depth_multiplier: op.depth_multiplier }),
  SeparableConv2D: (op) => ({ filters: op.filters, ...windowed(op), depth_multiplier: op.depth_multiplier }),
  BatchNormalization: ({ momentum, epsilon, center, scale }) => ({ momentum, epsilon, center, scale }),
  LayerNormalization: ({ epsilon, center, scale }) => ({ epsilon, center, scale }),
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  GlobalAveragePooling2D: (op) => ({ keepdims: op.keepdims }),
  GlobalMaxPooling2D: (op) => ({ keepdims: op.keepdims }),
  Add: none,
  Multiply: none,
  Concatenate: none,
};

/** What Keras 3 takes where an argument is left out; the same name means the same default in every class that has it. */
const defaults: Readonly<Record<string, string>> = {
  strides: '(1, 1)',
  padding: '"valid"',
  dilation_rate: '(1, 1)',
  use_bias: 'True',
  activation: '"linear"',
  groups: '1',
  depth_multiplier: '1',
  noise_shape: 'None',
  max_value: 'None',
  offset: '0',
  momentum: '0.99',
  epsilon: '0.001',
  center: 'True',
  scale: 'True',
  keepdims: 'False',
};

/** Poolings stride by their own size where strides are left out, and an activation has to be named by its own layer. */
const isDefault = (layer: Layer, name: string, text: string): boolean =>
  defaults[name] === text &&
  !(name === 'strides' && 'pool_size' in layer) &&
  !(name === 'activation' && layer.class_name === 'Activation');

const constructorOf = (class_name: LayerClass): string => {
  if (class_name === 'InputLayer') return 'keras.Input';
  return class_name === 'LayerScale' ? 'LayerScale' : `layers.${class_name}`;
};

/** Initializers and regularizers of kernels and biases, as keras.initializers has them; Keras' defaults are left out. */
const startOf = ({ weights }: Layer): readonly string[] =>
  weights.flatMap(({ name, initializer, regularizer }) => {
    const variable = name.slice(name.lastIndexOf('/') + 1).replace(/(depthwise|pointwise)_kernel/, '$1');
    const isBias = variable === 'bias';
    if (!isBias && !/kernel|depthwise|pointwise/.test(variable)) return [];
    const usual = initializer.kind === (isBias ? 'zeros' : 'glorot_uniform');
    const penalty = regularizer === null ? '' : `keras.regularizers.L1L2(l1=${regularizer.l1}, l2=${regularizer.l2})`;
    return [
      ...(usual ? [] : [`${variable}_initializer=${initializerOf(initializer)}`]),
      ...(penalty === '' ? [] : [`${variable}_regularizer=${penalty}`]),
    ];
  });

const initializerOf = (initializer: Weight['initializer']): string => {
  if ('stddev' in initializer) {
    const title = initializer.kind === 'random_normal' ? 'RandomNormal' : 'TruncatedNormal';
    return `keras.initializers.${title}(stddev=${initializer.stddev})`;
  }
  if ('limit' in initializer) return `keras.initializers.RandomUniform(${-initializer.limit}, ${initializer.limit})`;
  if ('value' in initializer) return `keras.initializers.Constant(${initializer.value})`;
  return literal(initializer.kind);
};

/** Layers that cannot be written, a line a class. */
export const layerGaps = ({ layers }: LayersModel): readonly string[] => {
  const missing = new Set(layers.map(({ class_name }) => class_name).filter((name) => argumentsOf[name] === undefined));
  return [...missing].map((name) => `${name}: no layer of Keras is known for it`);
};

const callOf = (layer: Layer, start: boolean): string => {
  const rule = argumentsOf[layer.class_name] as ((op: Layer, layer: Layer) => Arguments) | undefined;
  if (rule === undefined) throw new Error(`${layer.name} is a ${layer.class_name}, which layerGaps refuses`);
  const written = Object.entries({ ...rule(layer, layer), name: layer.name }).flatMap(([name, value]) => {
    const text = literal(value);
    return isDefault(layer, name, text) ? [] : [`${name}=${text}`];
  });
  const all = start ? [...written, ...startOf(layer)] : written;
  return `${constructorOf(layer.class_name)}(${all.join(', ')})`;
};

/** A layer of a chain is `x`; one that another than the next layer reads has a name of its own. */
const variablesOf = (layers: readonly Layer[]): ReadonlyMap<string, string> => {
  const named = identifiers();
  return new Map(
    layers.map((layer, i) => {
      const readers = layers.filter(({ inputs }) => inputs.includes(layer.name));
      const chained = layer.inputs.length > 0 && readers.every((reader) => reader === layers[i + 1]);
      return [layer.name, chained ? 'x' : named(layer.name)];
    }),
  );
};

export interface LayerCalls {
  /** `head`: the layers above a model `backbone` that is there. */
  readonly part: 'all' | 'head';
  /** With initializers and penalties, for a training. */
  readonly start: boolean;
}

/** Lines of a function's body that end with the model. */
export const layerCalls = (model: LayersModel, { part, start }: LayerCalls): readonly string[] => {
  const layers = part === 'all' ? model.layers : model.layers.filter((layer) => layer.part === 'head');
  const variables = variablesOf(layers);
  const of = (name: string): string => variables.get(name) ?? 'backbone.output';
  const lines = layers.map((layer) => {
    const [first, ...more] = layer.inputs.map(of);
    const input = first === undefined ? '' : more.length > 0 ? `([${[first, ...more].join(', ')}])` : `(${first})`;
    return `${of(layer.name)} = ${callOf(layer, start)}${input}`;
  });
  const [first, last] = [model.layers[0]!, model.layers.at(-1)!];
  const input = part === 'all' ? of(first.name) : 'backbone.input';
  return [...lines, `return keras.Model(${input}, ${of(last.name)}, name=${literal(model.name)})`];
};
