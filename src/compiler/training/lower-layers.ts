// Verb: layers to graph nodes. One entry a layer class, total over the union. Inside the graph maps are N, C, H, W.
import type { Builder, Formulas } from '../graph/builder.ts';
import { BATCH, fixed, product } from '../graph/dims.ts';
import type { Pads, Shape } from '../graph/graph.ts';
import type { Layer, LayerClass, OperationOf } from '../layers/layers.ts';
import { reachOf, samePadding, windowCount } from '../leaf/convolution.ts';
import { activations } from './activations.ts';

/** What a lowering needs besides its inputs. */
export interface Lowering {
  readonly b: Builder;
  readonly f: Formulas;
  /** Value of a weight of this layer by its variable name (`kernel`); undefined when the layer has none. */
  weight(layer: Layer, variable: string): string | undefined;
  /** True where a flatten layer keeps the graph's order, because the kernels that read it are in that order too. */
  keepsOrder(layer: Layer): boolean;
  /** Dropout mask of this layer; undefined outside training, in a frozen layer, and where nothing is dropped. */
  mask(layer: Layer): string | undefined;
  /** True where batch norm uses the batch's own statistics. */
  usesBatchStatistics(layer: Layer): boolean;
  /** Called with the batch's mean and variance, to move the layer's statistics. */
  moveStatistics(layer: Layer, mean: string, variance: string): void;
}

type LowerLayer<K extends LayerClass> = (
  layer: Layer & OperationOf<K>,
  inputs: readonly string[],
  at: Lowering,
) => string;

const one = (inputs: readonly string[]): string => {
  if (inputs[0] === undefined) throw new Error('a layer without input');
  return inputs[0];
};

const required = (value: string | undefined, layer: Layer, variable: string): string => {
  if (value === undefined) throw new Error(`layer '${layer.name}' has no weight '${variable}'`);
  return value;
};

type Pair = readonly [number, number];

const padsOf = (
  shape: Shape,
  padding: 'valid' | 'same',
  kernel: Pair,
  strides: Pair,
  dilation: Pair = [1, 1],
): Pads => {
  const along = (axis: 0 | 1): readonly [number, number] =>
    padding === 'valid'
      ? [0, 0]
      : samePadding(fixed(shape[axis + 2]), reachOf(kernel[axis], dilation[axis]), strides[axis]);
  const [[top, bottom], [left, right]] = [along(0), along(1)];
  return [top, left, bottom, right];
};

const withBias = (at: Lowering, layer: Layer, inputs: readonly string[]): readonly string[] => {
  const bias = at.weight(layer, 'bias');
  return bias === undefined ? inputs : [...inputs, bias];
};

interface Windowed {
  readonly kernel_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dilation_rate: Pair;
}

const POINT: Windowed = { kernel_size: [1, 1], strides: [1, 1], padding: 'valid', dilation_rate: [1, 1] };

const convolve = (at: Lowering, window: Windowed, group: number, inputs: readonly string[]): string => {
  const pads = padsOf(
    at.b.shape(one(inputs)),
    window.padding,
    window.kernel_size,
    window.strides,
    window.dilation_rate,
  );
  return at.b.add(
    {
      op: 'Conv',
      strides: window.strides,
      pads,
      dilations: window.dilation_rate,
      group,
      kernel_shape: window.kernel_size,
    },
    inputs,
  );
};

/** The same convolution as one matrix product: windows (N x pixels, positions x channels) times the kernel in Keras' own order. */
const multiplyWindows = (at: Lowering, window: Windowed, x: string, weights: readonly string[]): string => {
  const { b, f } = at;
  const [top, left, bottom, right] = padsOf(
    b.shape(x),
    window.padding,
    window.kernel_size,
    window.strides,
    window.dilation_rate,
  );
  const flat = f.transpose(x, [0, 2, 3, 1]);
  const padded = [top, left, bottom, right].every((pad) => pad === 0)
    ? flat
    : b.add({ op: 'Pad', pads: [0, top, left, 0, 0, bottom, right, 0] }, [flat]);
  const [, height, width, channels] = b.shape(padded).map((dim, axis) => (axis === 0 ? 0 : fixed(dim))) as [
    number,
    number,
    number,
    number,
  ];
  const [strides, dilation, kernel] = [window.strides, window.dilation_rate, window.kernel_size];
  const count = (axis: 0 | 1, size: number): number =>
    windowCount(size, reachOf(kernel[axis], dilation[axis]), strides[axis]);
  const out = [count(0, height), count(1, width)] as const;
  const positions = Array.from({ length: kernel[0] * kernel[1] }, (_, position) => {
    const start = [Math.floor(position / kernel[1]) * dilation[0], (position % kernel[1]) * dilation[1]] as const;
    const end = [start[0] + (out[0] - 1) * strides[0] + 1, start[1] + (out[1] - 1) * strides[1] + 1];
    return f.slice(padded, [1, 2], start, end, strides);
  });
  const rows = f.reshape(f.concat(positions, 3), [product([BATCH, ...out]), positions.length * channels]);
  const y = b.add({ op: 'Gemm', transA: false, transB: false }, [rows, ...weights]);
  const filters = b.shape(y)[1]!;
  return f.transpose(f.reshape(y, [BATCH, ...out, filters]), [0, 3, 1, 2]);
};

const channelsOf = (at: Lowering, x: string): number => fixed(at.b.shape(x)[1]);

/** Keras' output shape (H, W, C) in the graph's order. */
const graphShape = (shape: readonly number[]): Shape =>
  shape.length === 3 ? [BATCH, shape[2]!, shape[0]!, shape[1]!] : [BATCH, ...shape];

const toChannelsLast = (at: Lowering, x: string): string =>
  at.b.shape(x).length === 4 ? at.f.transpose(x, [0, 2, 3, 1]) : x;

const pool = (
  at: Lowering,
  layer: Layer & OperationOf<'MaxPooling2D' | 'AveragePooling2D'>,
  x: string,
  op: 'MaxPool' | 'AveragePool',
) => {
  const pads = padsOf(at.b.shape(x), layer.padding, layer.pool_size, layer.strides);
  return at.b.add({ op, kernel_shape: layer.pool_size, strides: layer.strides, pads }, [x]);
};

/** Values per channel as [1, C, 1, 1] (or a scalar). */
const perChannel = (at: Lowering, values: number | readonly number[], rank: number): string =>
  typeof values === 'number'
    ? at.b.constant([values])
    : at.b.constant(values, rank === 4 ? [1, values.length, 1, 1] : [1, values.length]);

/** (x - mean) / sqrt(variance + epsilon) over the channel axis, then gamma and beta. */
const layerNormalize = (layer: Layer & OperationOf<'LayerNormalization'>, x: string, at: Lowering): string => {
  const { f } = at;
  const spread = (value: string): string => f.channels(value, at.b.shape(x).length);
  const centred = f.sub(x, f.mean(x, [1], true));
  const variance = f.mean(f.mul(centred, centred), [1], true);
  const gamma = at.weight(layer, 'gamma');
  const beta = at.weight(layer, 'beta');
  const normal = f.div(centred, f.sqrt(f.add(variance, layer.epsilon)));
  const scaled = gamma === undefined ? normal : f.mul(normal, spread(gamma));
  return beta === undefined ? scaled : f.add(scaled, spread(beta));
};

const batchNormalize = (layer: Layer & OperationOf<'BatchNormalization'>, x: string, at: Lowering): string => {
  const channels = channelsOf(at, x);
  const all = (value: number): string => at.b.constant(new Array<number>(channels).fill(value), [channels]);
  const scale = at.weight(layer, 'gamma') ?? all(1);
  const bias = at.weight(layer, 'beta') ?? all(0);
  if (at.usesBatchStatistics(layer)) {
    const [y, mean, variance] = at.b.addAll({ op: 'BatchNormalizationTraining', epsilon: layer.epsilon }, [
      x,
      scale,
      bias,
    ]);
    at.moveStatistics(layer, mean as string, variance as string);
    return y as string;
  }
  const mean = required(at.weight(layer, 'moving_mean'), layer, 'moving_mean');
  const variance = required(at.weight(layer, 'moving_variance'), layer, 'moving_variance');
  return at.b.add({ op: 'BatchNormalization', epsilon: layer.epsilon }, [x, scale, bias, mean, variance]);
};

const fold = (op: 'Add' | 'Mul') => (_: Layer, inputs: readonly string[], at: Lowering) =>
  inputs.slice(1).reduce((sum, input) => at.b.add({ op }, [sum, input]), one(inputs));

export const layerLowerings: { readonly [K in LayerClass]: LowerLayer<K> } = {
  InputLayer: (_, inputs) => one(inputs),
  Conv2D: (layer, inputs, at) => {
    const kernel = required(at.weight(layer, 'kernel'), layer, 'kernel');
    const gathered = at.b.shape(kernel).length === 2;
    const y = gathered
      ? multiplyWindows(at, layer, one(inputs), withBias(at, layer, [kernel]))
      : convolve(at, layer, layer.groups, withBias(at, layer, [one(inputs), kernel]));
    return activations[layer.activation](at.b, at.f, y);
  },
  DepthwiseConv2D: (layer, inputs, at) => {
    const kernel = required(at.weight(layer, 'depthwise_kernel'), layer, 'depthwise_kernel');
    const y = convolve(at, layer, channelsOf(at, one(inputs)), withBias(at, layer, [one(inputs), kernel]));
    return activations[layer.activation](at.b, at.f, y);
  },
  SeparableConv2D: (layer, inputs, at) => {
    const depthwise = required(at.weight(layer, 'depthwise_kernel'), layer, 'depthwise_kernel');
    const pointwise = required(at.weight(layer, 'pointwise_kernel'), layer, 'pointwise_kernel');
    const middle = convolve(at, layer, channelsOf(at, one(inputs)), [one(inputs), depthwise]);
    const y = convolve(at, POINT, 1, withBias(at, layer, [middle, pointwise]));
    return activations[layer.activation](at.b, at.f, y);
  },
  Dense: (layer, inputs, at) => {
    const x = one(inputs);
    const kernel = required(at.weight(layer, 'kernel'), layer, 'kernel');
    const inputsOf = withBias(at, layer, [x, kernel]);
    const y = layer.each_pixel
      ? convolve(at, POINT, 1, inputsOf)
      : at.b.add({ op: 'Gemm', transA: false, transB: false }, inputsOf);
    return activations[layer.activation](at.b, at.f, y);
  },
  BatchNormalization: (layer, inputs, at) => batchNormalize(layer, one(inputs), at),
  LayerNormalization: (layer, inputs, at) => layerNormalize(layer, one(inputs), at),
  MaxPooling2D: (layer, inputs, at) => pool(at, layer, one(inputs), 'MaxPool'),
  AveragePooling2D: (layer, inputs, at) => pool(at, layer, one(inputs), 'AveragePool'),
  GlobalAveragePooling2D: (layer, inputs, at) => at.f.mean(one(inputs), [2, 3], layer.keepdims),
  GlobalMaxPooling2D: (layer, inputs, at) =>
    at.b.add({ op: 'ReduceMax', axes: [2, 3], keepdims: layer.keepdims }, [one(inputs)]),
  Flatten: (layer, inputs, at) => {
    const x = at.keepsOrder(layer) ? one(inputs) : toChannelsLast(at, one(inputs));
    return at.f.reshape(x, graphShape(layer.output_shape));
  },
  Dropout: (layer, inputs, at) => {
    const x = one(inputs);
    const mask = at.mask(layer);
    return mask === undefined ? x : at.f.mul(x, mask);
  },
  Activation: (layer, inputs, at) => activations[layer.activation](at.b, at.f, one(inputs)),
  ReLU: (layer, inputs, at) =>
    layer.max_value === null
      ? at.b.add({ op: 'Relu' }, [one(inputs)])
      : at.b.add({ op: 'Clip', min: 0, max: layer.max_value }, [one(inputs)]),
  ZeroPadding2D: (layer, inputs, at) => {
    const [[top, bottom], [left, right]] = layer.padding;
    return at.b.add({ op: 'Pad', pads: [0, 0, top, left, 0, 0, bottom, right] }, [one(inputs)]);
  },
  Reshape: (layer, inputs, at) => {
    const shape = layer.output_shape;
    const flat = at.f.reshape(toChannelsLast(at, one(inputs)), [BATCH, ...shape]);
    return shape.length === 3 ? at.f.transpose(flat, [0, 3, 1, 2]) : flat;
  },
  Rescaling: (layer, inputs, at) => {
    const rank = at.b.shape(one(inputs)).length;
    return at.f.add(at.f.mul(one(inputs), perChannel(at, layer.scale, rank)), perChannel(at, layer.offset, rank));
  },
  LayerScale: (layer, inputs, at) => {
    const x = one(inputs);
    const gamma = required(at.weight(layer, 'gamma'), layer, 'gamma');
    return at.f.mul(x, at.f.channels(gamma, at.b.shape(x).length));
  },
  Add: fold('Add'),
  Multiply: fold('Mul'),
  Concatenate: (_, inputs, at) => at.f.concat(inputs, 1),
};

/** Adds one layer's nodes; gives the value of its output. */
export const lowerLayer = (layer: Layer, inputs: readonly string[], at: Lowering): string =>
  at.b.scope(layer.name, () =>
    (layerLowerings[layer.class_name] as LowerLayer<LayerClass>)(layer as never, inputs, at),
  );
