// Verb: operation and input shapes → output shape. One rule a layer class; a class without a rule does not compile.
import { reachOf, sameCount, windowCount } from '../leaf/convolution.ts';
import type { LayerClass, LayerOperation, LayerShape, OperationOf } from './layers.ts';
import { type LayerProblem, showShape } from './problem.ts';

/** Why the operation cannot be applied; the caller knows the origin. */
export type ShapeFault = Omit<LayerProblem, 'origin'>;

/** A shape is always given, after a fault the likeliest one, so that building goes on. */
export interface Shaped {
  readonly shape: LayerShape;
  readonly fault: ShapeFault | null;
}

type Pair = readonly [number, number];
type Rule<C extends LayerClass> = (operation: OperationOf<C>, inputs: readonly LayerShape[]) => Shaped;

/** Output shape without the batch axis, by the rules of keras-applications.md §3 ('same': ceil(n / stride)). */
export function shapeOf(operation: LayerOperation, inputs: readonly LayerShape[]): Shaped {
  return (shapeRules[operation.class_name] as Rule<LayerClass>)(operation, inputs);
}

const shapeRules: { readonly [C in LayerClass]: Rule<C> } = {
  InputLayer: (_, inputs) => same(inputs),
  Conv2D: (op, inputs) => {
    const [height, width, channels] = image(inputs);
    const { kernel_size, strides, padding, dilation_rate, groups, filters } = op;
    const windows = slide([height, width], kernel_size, strides, dilation_rate, padding, 'kernel');
    const divides = channels % groups === 0 && filters % groups === 0;
    const fault =
      wrongRank('a convolution', inputs) ?? (divides ? null : groupsFault(groups, channels, filters)) ?? windows.fault;
    return { shape: [...windows.size, filters], fault };
  },
  DepthwiseConv2D: (op, inputs) => {
    const [height, width, channels] = image(inputs);
    const windows = slide([height, width], op.kernel_size, op.strides, op.dilation_rate, op.padding, 'kernel');
    const fault = wrongRank('a depthwise convolution', inputs) ?? windows.fault;
    return { shape: [...windows.size, channels * op.depth_multiplier], fault };
  },
  SeparableConv2D: (op, inputs) => {
    const [height, width] = image(inputs);
    const windows = slide([height, width], op.kernel_size, op.strides, op.dilation_rate, op.padding, 'kernel');
    const fault = wrongRank('a separable convolution', inputs) ?? windows.fault;
    return { shape: [...windows.size, op.filters], fault };
  },
  Dense: (op, inputs) => {
    const input = inputs[0] ?? [];
    return {
      shape: [op.units],
      fault:
        input.length === 1
          ? null
          : {
              name: 'dense-needs-flatten',
              message: `a dense layer takes a list of features, but its input is ${showShape(input)}`,
              help: 'put `flatten` or `global_average_pooling` before it',
            },
    };
  },
  BatchNormalization: (_, inputs) => same(inputs),
  LayerNormalization: (_, inputs) => same(inputs),
  MaxPooling2D: pooled,
  AveragePooling2D: pooled,
  GlobalAveragePooling2D: globallyPooled,
  GlobalMaxPooling2D: globallyPooled,
  Flatten: (_, inputs) => fine([count(inputs[0] ?? [])]),
  Dropout: (_, inputs) => same(inputs),
  Activation: (_, inputs) => same(inputs),
  ReLU: (_, inputs) => same(inputs),
  ZeroPadding2D: (op, inputs) => {
    const [height, width, channels] = image(inputs);
    const [[top, bottom], [left, right]] = op.padding;
    return { shape: [height + top + bottom, width + left + right, channels], fault: wrongRank('padding', inputs) };
  },
  Reshape: (op, inputs) => {
    const input = inputs[0] ?? [];
    const fits = count(input) === count(op.target_shape);
    return {
      shape: op.target_shape,
      fault: fits
        ? null
        : {
            name: 'reshape-size',
            message: `the input ${showShape(input)} holds ${count(input)} values, but ${showShape(op.target_shape)} holds ${count(op.target_shape)}`,
            help: 'give a shape with the same number of values',
          },
    };
  },
  Rescaling: (_, inputs) => same(inputs),
  Add: (_, inputs) => {
    const different = inputs.some((input) => showShape(input) !== showShape(inputs[0] ?? []));
    return { shape: inputs[0] ?? [], fault: different ? branchesFault('add', inputs, 'the same shape') : null };
  },
  Multiply: (_, inputs) => {
    const shape = broadcast(inputs);
    return {
      shape: shape ?? inputs[0] ?? [],
      fault: shape ? null : branchesFault('multiply', inputs, 'the same shape, or 1 where they differ'),
    };
  },
  Concatenate: (_, inputs) => {
    const first = inputs[0] ?? [];
    const front = showShape(first.slice(0, -1));
    const different = inputs.some((i) => i.length !== first.length || showShape(i.slice(0, -1)) !== front);
    return {
      shape: [...first.slice(0, -1), inputs.reduce((sum, input) => sum + last(input), 0)],
      fault: different ? branchesFault('concatenate', inputs, 'the same height and width') : null,
    };
  },
};

/** Number of values of one sample. */
export function count(shape: LayerShape): number {
  return shape.reduce((product, size) => product * size, 1);
}

function fine(shape: LayerShape): Shaped {
  return { shape, fault: null };
}

function same(inputs: readonly LayerShape[]): Shaped {
  return fine(inputs[0] ?? []);
}

function last(shape: LayerShape): number {
  return shape[shape.length - 1] ?? 1;
}

/** [height, width, channels]; a list of features counts as one pixel, so that building goes on. */
function image(inputs: readonly LayerShape[]): readonly [number, number, number] {
  const input = inputs[0] ?? [];
  return input.length === 3 ? [input[0] ?? 1, input[1] ?? 1, input[2] ?? 1] : [1, 1, last(input)];
}

function wrongRank(what: string, inputs: readonly LayerShape[]): ShapeFault | null {
  const input = inputs[0] ?? [];
  if (input.length === 3) return null;
  return {
    name: 'wrong-rank',
    message: `${what} takes height x width x channels, but its input is ${showShape(input)}`,
    help: 'put it before `flatten` and global pooling, or remove it',
  };
}

function slide(
  size: Pair,
  kernel: Pair,
  stride: Pair,
  dilation: Pair,
  padding: 'valid' | 'same',
  what: string,
): { readonly size: Pair; readonly fault: ShapeFault | null } {
  const reach = [reachOf(kernel[0], dilation[0]), reachOf(kernel[1], dilation[1])] as const;
  if (padding === 'same') return { size: [sameCount(size[0], stride[0]), sameCount(size[1], stride[1])], fault: null };
  const fits = reach[0] <= size[0] && reach[1] <= size[1];
  return {
    size: [
      Math.max(1, windowCount(size[0], reach[0], stride[0])),
      Math.max(1, windowCount(size[1], reach[1], stride[1])),
    ],
    fault: fits
      ? null
      : {
          name: 'kernel-too-large',
          message: `the ${showShape(reach)} ${what} does not fit into its ${showShape(size)} input`,
          help: `use \`padding same\`, a smaller ${what}, fewer poolings or strides before it, or larger images`,
        },
  };
}

function pooled(op: OperationOf<'MaxPooling2D'>, inputs: readonly LayerShape[]): Shaped {
  const [height, width, channels] = image(inputs);
  const windows = slide([height, width], op.pool_size, op.strides, [1, 1], op.padding, 'pooling window');
  return { shape: [...windows.size, channels], fault: wrongRank('pooling', inputs) ?? windows.fault };
}

function globallyPooled(op: OperationOf<'GlobalMaxPooling2D'>, inputs: readonly LayerShape[]): Shaped {
  const channels = image(inputs)[2];
  return { shape: op.keepdims ? [1, 1, channels] : [channels], fault: wrongRank('global pooling', inputs) };
}

function groupsFault(groups: number, channels: number, filters: number): ShapeFault {
  return {
    name: 'groups-do-not-divide',
    message: `${groups} groups do not divide ${channels} input channels into ${filters} filters`,
    help: `choose groups that divide both ${channels} and ${filters}`,
  };
}

function branchesFault(what: string, inputs: readonly LayerShape[], need: string): ShapeFault {
  return {
    name: 'branches-differ',
    message: `the branches of \`${what}\` give ${inputs.map(showShape).join(' and ')}`,
    help: `make all branches give ${need}: check strides, padding and filters`,
  };
}

/** Shapes of one rank; sizes equal or 1. Null when they do not fit. */
function broadcast(inputs: readonly LayerShape[]): LayerShape | null {
  const rank = inputs[0]?.length ?? 0;
  if (inputs.some((input) => input.length !== rank)) return null;
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(...inputs.map((input) => input[axis] ?? 1)));
  const fits = inputs.every((input) => input.every((size, axis) => size === 1 || size === shape[axis]));
  return fits ? shape : null;
}
