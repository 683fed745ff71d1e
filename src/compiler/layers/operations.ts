// Verb: short constructors of layer operations with Keras' defaults, for the backbones and the layers of a file.
import type { Activation, LayerOperation, OperationOf } from './layers.ts';

type Pair = readonly [number, number];
type Size = number | Pair;

interface Window {
  readonly stride?: Size;
  readonly padding?: 'valid' | 'same';
  readonly bias?: boolean;
  readonly activation?: Activation;
}

const pair = (size: Size): Pair => (typeof size === 'number' ? [size, size] : size);

/** Strides 1, padding valid, with bias, no activation unless told. */
export function conv(filters: number, kernel: Size, how: Window = {}): OperationOf<'Conv2D'> {
  return {
    class_name: 'Conv2D',
    filters,
    kernel_size: pair(kernel),
    strides: pair(how.stride ?? 1),
    padding: how.padding ?? 'valid',
    dilation_rate: [1, 1],
    groups: 1,
    use_bias: how.bias ?? true,
    activation: how.activation ?? 'linear',
  };
}

export function depthwiseConv(kernel: Size, how: Window = {}): OperationOf<'DepthwiseConv2D'> {
  return {
    class_name: 'DepthwiseConv2D',
    kernel_size: pair(kernel),
    strides: pair(how.stride ?? 1),
    padding: how.padding ?? 'valid',
    dilation_rate: [1, 1],
    depth_multiplier: 1,
    use_bias: how.bias ?? true,
    activation: how.activation ?? 'linear',
  };
}

export function separableConv(filters: number, kernel: Size, how: Window = {}): OperationOf<'SeparableConv2D'> {
  return { ...depthwiseConv(kernel, how), class_name: 'SeparableConv2D', filters };
}

/** Momentum 0.99 and epsilon 1e-3 are Keras' defaults; every family has its own. */
export function batchNorm(epsilon = 1e-3, momentum = 0.99, scale = true): OperationOf<'BatchNormalization'> {
  return { class_name: 'BatchNormalization', momentum, epsilon, center: true, scale };
}

export function layerNorm(epsilon = 1e-3): OperationOf<'LayerNormalization'> {
  return { class_name: 'LayerNormalization', epsilon, center: true, scale: true };
}

export function maxPool(size: Size, stride: Size = size, padding: 'valid' | 'same' = 'valid'): LayerOperation {
  return { class_name: 'MaxPooling2D', pool_size: pair(size), strides: pair(stride), padding };
}

export function averagePool(size: Size, stride: Size = size, padding: 'valid' | 'same' = 'valid'): LayerOperation {
  return { class_name: 'AveragePooling2D', pool_size: pair(size), strides: pair(stride), padding };
}

export function zeroPad(rows: Size, columns: Size = rows): LayerOperation {
  return { class_name: 'ZeroPadding2D', padding: [pair(rows), pair(columns)] };
}

export function activate(activation: Activation): LayerOperation {
  return { class_name: 'Activation', activation };
}

/** max(x, 0), cut at `max_value` where given. */
export function relu(max_value: number | null = null): LayerOperation {
  return { class_name: 'ReLU', max_value };
}

export function globalAveragePool(keepdims = false): LayerOperation {
  return { class_name: 'GlobalAveragePooling2D', keepdims };
}

export function rescale(scale: number | readonly number[], offset: number | readonly number[]): LayerOperation {
  return { class_name: 'Rescaling', scale, offset };
}

/** Keras' correct_pad for stride-2 'valid' windows: [front, back] along an axis of `size` (docs/facts/keras-applications.md, "Common rules"). */
export function correctPad(size: number, kernel: number): Pair {
  const half = Math.floor(kernel / 2);
  return [half - (size % 2 === 0 ? 1 : 0), half];
}
