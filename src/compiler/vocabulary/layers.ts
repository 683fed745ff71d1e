// Table: the layers of a head or of a network of one's own. Names and defaults are those of Keras.
import {
  callOf,
  choice,
  derived,
  type FieldsOf,
  flag,
  integer,
  number,
  numbers,
  optional,
  type Params,
  pair,
  param,
  required,
  share,
  text,
  type Words,
} from './word.ts';

export const activations = {
  linear: 'x',
  relu: 'max(x, 0)',
  relu6: 'min(max(x, 0), 6)',
  elu: 'x above 0, e^x - 1 below',
  selu: 'elu scaled so that variances stay one',
  sigmoid: '1 / (1 + e^-x)',
  hard_sigmoid: 'relu6(x + 3) / 6',
  tanh: 'hyperbolic tangent',
  softmax: 'e^x / sum of e^x over the features',
  softplus: 'log(1 + e^x)',
  softsign: 'x / (1 + |x|)',
  silu: 'x * sigmoid(x), also called swish',
  hard_silu: 'x * hard_sigmoid(x), also called hard swish',
  gelu: 'x * Φ(x), exact form',
  mish: 'x * tanh(softplus(x))',
  leaky_relu: 'x above 0, 0.2 x below',
  exponential: 'e^x',
};

const fan = (doc: string) => ({ doc, params: {}, positional: [] });
const spread = (doc: string, example: string) => ({
  doc,
  example,
  params: { stddev: param(number({ above: 0 }), 0.05, 'Standard deviation.') },
  positional: ['stddev'],
});

export const initializers = {
  glorot_uniform: fan('Uniform within ±sqrt(6 / (fan in + fan out)).'),
  glorot_normal: fan('Truncated normal with variance 2 / (fan in + fan out).'),
  he_uniform: fan('Uniform within ±sqrt(6 / fan in).'),
  he_normal: fan('Truncated normal with variance 2 / fan in.'),
  lecun_uniform: fan('Uniform within ±sqrt(3 / fan in).'),
  lecun_normal: fan('Truncated normal with variance 1 / fan in.'),
  zeros: fan('All zero.'),
  ones: fan('All one.'),
  random_normal: spread('Normal around zero.', 'dense 64 (kernel_initializer: random_normal(0.02))'),
  truncated_normal: spread(
    'Normal around zero, cut at two standard deviations.',
    'dense 64 (kernel_initializer: truncated_normal)',
  ),
  random_uniform: {
    doc: 'Uniform within ±limit.',
    params: { limit: param(number({ above: 0 }), 0.05, 'Largest absolute value.') },
    positional: ['limit'],
  },
  constant: {
    doc: 'All the same value.',
    example: 'dense 64 (bias_initializer: constant(0.1))',
    params: { value: required(number(), 'The value.') },
    positional: ['value'],
  },
} satisfies Words;

const factor = required(number({ min: 0 }), 'Factor of the penalty.');

/** Added to the loss: l1 * sum |w| + l2 * sum w^2. */
const penalties = { l1: factor, l2: factor };

/** A penalty from the parameters of its word. */
const penalty = <P extends Params>(params: P, build: (fields: FieldsOf<P>) => FieldsOf<typeof penalties>) => ({
  params,
  form: { type: { kind: 'fields' as const, params: penalties }, build },
});

export const regularizers = {
  l1: {
    doc: 'Adds factor * sum |w| to the loss.',
    example: 'dense 64 (kernel_regularizer: l1(1e-5))',
    positional: ['factor'],
    ...penalty({ factor }, ({ factor: l1 }) => ({ l1, l2: 0 })),
  },
  l2: {
    doc: 'Adds factor * sum w^2 to the loss.',
    example: 'dense 64 (kernel_regularizer: l2(1e-4))',
    positional: ['factor'],
    ...penalty({ factor }, ({ factor: l2 }) => ({ l1: 0, l2 })),
  },
  l1_l2: {
    doc: 'Adds both penalties to the loss.',
    example: 'dense 64 (kernel_regularizer: l1_l2(l1: 1e-5, l2: 1e-4))',
    positional: [],
    ...penalty(penalties, ({ l1, l2 }) => ({ l1, l2 })),
  },
} satisfies Words;

const name = param(
  optional(text('name')),
  null,
  'Name in the model; derived from the kind and position when left out.',
);
const activation = param(choice(activations), 'linear', 'Applied to the output.');
export const paddings = {
  valid: 'no padding: the output shrinks',
  same: 'zeros around: the output keeps its size at stride 1',
};
const padding = param(choice(paddings), 'valid', 'What happens at the border.');
const weights = {
  kernel_initializer: param(callOf(initializers), { kind: 'glorot_uniform' }, 'First weights.'),
  kernel_regularizer: param(optional(callOf(regularizers)), null, 'Penalty on the weights.'),
  use_bias: param(flag, true, 'Adds one trainable number to each output channel.'),
  bias_initializer: param(callOf(initializers), { kind: 'zeros' }, 'First biases.'),
  activation,
  name,
};
const kernel = required(pair(), 'Height and width of the window.');
const stride = param(pair(), [1, 1], 'Step of the window.');
const dilation = param(pair(), [1, 1], 'Distance between the taps of the window.');
const multiplier = param(integer({ min: 1 }), 1, 'Outputs of each input channel.');
const filters = required(integer({ min: 1, max: 65536 }), 'Output channels.');
const epsilon = param(number({ above: 0 }), 1e-3, 'Added to the variance.');
const center = param(flag, true, 'Trains an offset (beta).');
const scale = param(flag, true, 'Trains a factor (gamma).');

const pool = (doc: string, example: string) => ({
  doc,
  example,
  positional: ['size', 'stride', 'padding'],
  params: {
    size: param(pair(), [2, 2], 'Height and width of the window.'),
    stride: derived(pair(), 'same as size', ({ size }) => size ?? null, 'Step of the window.'),
    padding,
    name,
  },
});
const plain = (doc: string, example: string) => ({ doc, example, positional: [], params: { name } });
const dropping = (doc: string, example: string) => ({
  doc,
  example,
  positional: ['rate'],
  params: { rate: required(share({ min: 0, below: 1 }), 'Share that is set to zero while training.'), name },
});
const side = (where: string) => param(integer({ min: 0 }), 0, `Zeros ${where}.`);

export const layers = {
  conv: {
    doc: 'Convolution: each output is a weighted sum over a window and all channels.',
    example: 'conv 32 3x3 same relu (stride: 2)',
    positional: ['filters', 'kernel', 'padding', 'activation'],
    params: {
      filters,
      kernel,
      stride,
      padding,
      dilation,
      groups: param(integer({ min: 1 }), 1, 'Groups of channels that do not see each other.'),
      ...weights,
    },
  },
  depthwise_conv: {
    doc: 'Convolution of each channel on its own.',
    example: 'depthwise_conv 3x3 same relu6',
    positional: ['kernel', 'padding', 'activation'],
    params: { kernel, stride, padding, dilation, multiplier, ...weights },
  },
  separable_conv: {
    doc: 'Depthwise convolution, then a 1x1 convolution.',
    example: 'separable_conv 64 3x3 same relu',
    positional: ['filters', 'kernel', 'padding', 'activation'],
    params: { filters, kernel, stride, padding, dilation, multiplier, ...weights },
  },
  dense: {
    doc: 'Fully connected: each output is a weighted sum of all inputs.',
    example: 'flatten\ndense 256 relu (kernel_regularizer: l2(1e-4))',
    positional: ['units', 'activation'],
    params: { units: required(integer({ min: 1, max: 1048576 }), 'Outputs.'), ...weights },
  },
  batch_normalization: {
    doc: 'Mean zero and variance one for each channel over the batch, then a trained scale and offset.',
    example: 'conv 32 3x3 (use_bias: false)\nbatch_normalization\nactivation relu',
    positional: [],
    params: {
      momentum: param(share({ min: 0, below: 1 }), 0.99, 'Share of the old moving statistics that a step keeps.'),
      epsilon,
      center,
      scale,
      name,
    },
  },
  layer_normalization: {
    doc: 'Mean zero and variance one over the channels of each position, then a trained scale and offset.',
    example: 'layer_normalization(epsilon: 1e-6)',
    positional: [],
    params: { epsilon, center, scale, name },
  },
  max_pool: pool('Largest value of each window.', 'max_pool 3x3 2x2 same'),
  average_pool: pool('Mean of each window.', 'average_pool 2x2'),
  global_average_pooling: plain(
    'Mean of each channel over the whole map: one number a channel.',
    'global_average_pooling',
  ),
  global_max_pooling: plain('Largest value of each channel over the whole map.', 'global_max_pooling'),
  flatten: plain('The map as one list of numbers, row by row.', 'flatten'),
  dropout: dropping('Sets random inputs to zero while training, and scales the others up.', 'dropout 50%'),
  spatial_dropout: dropping(
    'Sets random whole channels to zero while training.',
    'conv 32 3x3 relu\nspatial_dropout 20%',
  ),
  activation: {
    doc: 'An activation function on its own.',
    example: 'activation gelu',
    positional: ['activation'],
    params: { activation: required(choice(activations), 'The function.'), name },
  },
  zero_padding: {
    doc: 'Rows and columns of zeros around the map.',
    example: 'zero_padding 1',
    positional: [['top', 'bottom', 'left', 'right']],
    needsOne: true,
    params: { top: side('above'), bottom: side('below'), left: side('on the left'), right: side('on the right'), name },
  },
  reshape: {
    doc: 'The same numbers in another shape.',
    example: 'global_average_pooling\nreshape [1, 1, 3]',
    positional: ['shape'],
    params: {
      shape: required(numbers({ integer: true, min: 1 }), 'Shape without the batch, such as [1, 1, 64].'),
      name,
    },
  },
  rescaling: {
    doc: 'x * scale + offset.',
    example: 'rescaling(scale: 2, offset: -1)',
    positional: ['scale', 'offset'],
    params: { scale: required(number(), 'Factor.'), offset: param(number(), 0, 'Added after.'), name },
  },
  add: {
    ...plain(
      'Sum of branches that start from the layer before; `{}` is that layer itself.',
      'conv 32 3x3 same relu\nadd {\n  { conv 32 3x3 same; batch_normalization }\n  {}\n}',
    ),
    block: 'branches',
  },
  concatenate: {
    ...plain(
      'The channels of its branches one after the other.',
      'concatenate {\n  { conv 16 1x1 relu }\n  { conv 16 3x3 same relu }\n  { max_pool 3x3 1x1 same }\n}',
    ),
    block: 'branches',
  },
  multiply: {
    ...plain('Product of its branches.', 'conv 16 3x3 same relu\nmultiply {\n  {}\n  { conv 16 1x1 sigmoid }\n}'),
    block: 'branches',
  },
} satisfies Words;

/** Words that stand among layers and are not layers themselves. */
export const layerSugar = {
  repeat: {
    doc: 'The layers of its block, this many times.',
    example: 'repeat 3 {\n  conv 32 3x3 same relu\n  batch_normalization\n}',
    positional: ['times'],
    params: { times: required(integer({ min: 1, max: 1000 }), 'How often.') },
    block: 'layers',
  },
} satisfies Words;
