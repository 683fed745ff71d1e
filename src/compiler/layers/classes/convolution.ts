// Table: convolutions as Keras classes.
import { image, slide, wrongRank } from '../shapes.ts';
import { channelsOf, count } from '../tensors.ts';
import { bias, kernel } from '../weights.ts';
import { type Activation, type Keep, kerasClass, type Pair, type ShapeFault } from './keras-class.ts';

interface Window {
  readonly kernel_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dilation_rate: Pair;
  readonly use_bias: boolean;
  readonly activation: Activation;
}

interface Convolution extends Window {
  readonly filters: number;
  readonly groups: number;
}

interface Depthwise extends Window {
  readonly depth_multiplier: number;
}

interface Separable extends Depthwise {
  readonly filters: number;
}

/** The gradient of a kernel reads the input, that of an activation its output. */
export const kernelAndActivation = (op: { readonly activation: Activation }, trains: boolean): Keep => ({
  inputs: trains,
  output: op.activation !== 'linear',
});

const groupsFault = (groups: number, channels: number, filters: number): ShapeFault => ({
  name: 'groups-do-not-divide',
  message: `${groups} groups do not divide ${channels} input channels into ${filters} filters`,
  help: `choose groups that divide both ${channels} and ${filters}`,
});

export const convolutions = {
  Conv2D: kerasClass<Convolution>({
    shape(op, inputs) {
      const [height, width, channels] = image(inputs);
      const { kernel_size, strides, padding, dilation_rate, groups, filters } = op;
      const windows = slide([height, width], kernel_size, strides, dilation_rate, padding, 'kernel');
      const divides = channels % groups === 0 && filters % groups === 0;
      const fault =
        wrongRank('a convolution', inputs) ??
        (divides ? null : groupsFault(groups, channels, filters)) ??
        windows.fault;
      return { shape: [...windows.size, filters], fault };
    },
    weights: (op, input, start) => [
      kernel('kernel', [...op.kernel_size, Math.max(1, Math.floor(channelsOf(input) / op.groups)), op.filters], start),
      ...bias(op.use_bias, op.filters, start),
    ],
    flops: (op, input, output) => (count(output) * count(op.kernel_size) * channelsOf(input)) / op.groups,
    keeps: kernelAndActivation,
    tfjs: ({ groups, ...rest }) => (groups === 1 ? rest : { ...rest, groups }),
  }),
  DepthwiseConv2D: kerasClass<Depthwise>({
    shape(op, inputs) {
      const [height, width, channels] = image(inputs);
      const windows = slide([height, width], op.kernel_size, op.strides, op.dilation_rate, op.padding, 'kernel');
      const fault = wrongRank('a depthwise convolution', inputs) ?? windows.fault;
      return { shape: [...windows.size, channels * op.depth_multiplier], fault };
    },
    weights: (op, input, start) => [
      kernel('depthwise_kernel', [...op.kernel_size, channelsOf(input), op.depth_multiplier], start),
      ...bias(op.use_bias, channelsOf(input) * op.depth_multiplier, start),
    ],
    flops: (op, _, output) => count(output) * count(op.kernel_size),
    keeps: kernelAndActivation,
  }),
  SeparableConv2D: kerasClass<Separable>({
    shape(op, inputs) {
      const [height, width] = image(inputs);
      const windows = slide([height, width], op.kernel_size, op.strides, op.dilation_rate, op.padding, 'kernel');
      const fault = wrongRank('a separable convolution', inputs) ?? windows.fault;
      return { shape: [...windows.size, op.filters], fault };
    },
    weights: (op, input, start) => [
      kernel('depthwise_kernel', [...op.kernel_size, channelsOf(input), op.depth_multiplier], start),
      kernel('pointwise_kernel', [1, 1, channelsOf(input) * op.depth_multiplier, op.filters], start),
      ...bias(op.use_bias, op.filters, start),
    ],
    flops(op, input, output) {
      const wide = channelsOf(input) * op.depth_multiplier;
      return (count(output) / op.filters) * wide * (count(op.kernel_size) + op.filters);
    },
    keeps: kernelAndActivation,
  }),
};
