// Table: classes that take one input and keep to its values, its order or its features.
import { showShape } from '../problem.ts';
import { fine, image, same, wrongRank } from '../shapes.ts';
import { channelsOf, count, type LayerShape } from '../tensors.ts';
import { bias, constant, kernel } from '../weights.ts';
import { kernelAndActivation } from './convolution.ts';
import { type Activation, kerasClass, type Pair, type ShapeFault } from './keras-class.ts';

interface Dense {
  readonly units: number;
  readonly use_bias: boolean;
  readonly activation: Activation;
  /** Works on the channels of each pixel of a map; without it the input is a list of features. Keras tells by the input. */
  readonly each_pixel?: true;
}

/** noise_shape without the batch axis, null entries: input size; null: the whole input shape. */
interface Dropout {
  readonly rate: number;
  readonly noise_shape: readonly (number | null)[] | null;
}

interface Rescaling {
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];
}

const needsFlatten = (input: LayerShape): ShapeFault => ({
  name: 'dense-needs-flatten',
  message: `a dense layer takes a list of features, but its input is ${showShape(input)}`,
  help: 'put `flatten` or `global_average_pooling` before it',
});

const otherSize = (input: LayerShape, target: LayerShape): ShapeFault => ({
  name: 'reshape-size',
  message: `the input ${showShape(input)} holds ${count(input)} values, but ${showShape(target)} holds ${count(target)}`,
  help: 'give a shape with the same number of values',
});

export const plainClasses = {
  InputLayer: kerasClass({ shape: (_, inputs) => same(inputs), tfjs: () => ({ dtype: 'float32', sparse: false }) }),
  Dense: kerasClass<Dense>({
    shape(op, inputs) {
      const input = inputs[0] ?? [];
      if (op.each_pixel)
        return { shape: [...input.slice(0, -1), op.units], fault: wrongRank('a dense layer over pixels', inputs) };
      return { shape: [op.units], fault: input.length === 1 ? null : needsFlatten(input) };
    },
    weights: (op, input, start) => [
      kernel('kernel', [channelsOf(input), op.units], start),
      ...bias(op.use_bias, op.units, start),
    ],
    flops: (_, input, output) => channelsOf(input) * count(output),
    keeps: kernelAndActivation,
    tfjs: ({ each_pixel, ...rest }) => rest,
  }),
  Flatten: kerasClass({ shape: (_, inputs) => fine([count(inputs[0] ?? [])]) }),
  Dropout: kerasClass<Dropout>({
    shape: (_, inputs) => same(inputs),
    keeps: ({ rate }) => ({ mask: rate > 0 }),
    tfjs: ({ rate, noise_shape }) => ({ rate, noise_shape: noise_shape ? [null, ...noise_shape] : null }),
  }),
  Activation: kerasClass<{ readonly activation: Activation }>({
    shape: (_, inputs) => same(inputs),
    keeps: ({ activation }) => ({ output: activation !== 'linear' }),
  }),
  ReLU: kerasClass<{ readonly max_value: number | null }>({
    shape: (_, inputs) => same(inputs),
    keeps: () => ({ output: true }),
  }),
  ZeroPadding2D: kerasClass<{ readonly padding: readonly [Pair, Pair] }>({
    shape(op, inputs) {
      const [height, width, channels] = image(inputs);
      const [[top, bottom], [left, right]] = op.padding;
      return { shape: [height + top + bottom, width + left + right, channels], fault: wrongRank('padding', inputs) };
    },
  }),
  Reshape: kerasClass<{ readonly target_shape: readonly number[] }>({
    shape({ target_shape }, inputs) {
      const input = inputs[0] ?? [];
      return {
        shape: target_shape,
        fault: count(input) === count(target_shape) ? null : otherSize(input, target_shape),
      };
    },
  }),
  Rescaling: kerasClass<Rescaling>({ shape: (_, inputs) => same(inputs) }),
  /** Times gamma, one trainable value a channel that starts at init_values. */
  LayerScale: kerasClass<{ readonly init_values: number }>({
    shape: (_, inputs) => same(inputs),
    weights: ({ init_values }, input) => [
      { ...constant('gamma', input, 'ones'), initializer: { kind: 'constant', value: init_values } },
    ],
    keeps: (_, trains) => ({ inputs: trains }),
  }),
};
