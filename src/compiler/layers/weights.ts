// Verb: operation and input shapes → its weights in Keras' order and layout. One rule a layer class.
import type { InitializerPlan, RegularizerPlan } from '../plan/plan.ts';
import type { LayerClass, LayerOperation, LayerShape, OperationOf, Weight } from './layers.ts';

/** How a layer's kernels and biases start and are penalised. Keras' defaults: glorot_uniform, zeros, no penalty. */
export interface WeightSettings {
  readonly kernel_initializer: InitializerPlan;
  readonly bias_initializer: InitializerPlan;
  readonly kernel_regularizer: RegularizerPlan | null;
}

export const kerasWeightSettings: WeightSettings = {
  kernel_initializer: { kind: 'glorot_uniform' },
  bias_initializer: { kind: 'zeros' },
  kernel_regularizer: null,
};

type Draft = Omit<Weight, 'name'> & { readonly variable: string };
type Rule<C extends LayerClass> = (op: OperationOf<C>, input: LayerShape, settings: WeightSettings) => readonly Draft[];

/** Weights named `<layer>/<variable>` (keras-weights-datasets.md §2, tfjs' variable names). */
export function weightsOf(
  name: string,
  operation: LayerOperation,
  inputs: readonly LayerShape[],
  settings: WeightSettings,
): readonly Weight[] {
  const rule = weightRules[operation.class_name] as Rule<LayerClass>;
  return rule(operation, inputs[0] ?? [], settings).map(({ variable, ...rest }) => ({
    name: `${name}/${variable}`,
    ...rest,
  }));
}

const none = (): readonly Draft[] => [];

const weightRules: { readonly [C in LayerClass]: Rule<C> } = {
  InputLayer: none,
  Conv2D: (op, input, settings) => [
    kernel('kernel', [...op.kernel_size, Math.max(1, Math.floor(channels(input) / op.groups)), op.filters], settings),
    ...bias(op.use_bias, op.filters, settings),
  ],
  DepthwiseConv2D: (op, input, settings) => [
    kernel('depthwise_kernel', [...op.kernel_size, channels(input), op.depth_multiplier], settings),
    ...bias(op.use_bias, channels(input) * op.depth_multiplier, settings),
  ],
  SeparableConv2D: (op, input, settings) => [
    kernel('depthwise_kernel', [...op.kernel_size, channels(input), op.depth_multiplier], settings),
    kernel('pointwise_kernel', [1, 1, channels(input) * op.depth_multiplier, op.filters], settings),
    ...bias(op.use_bias, op.filters, settings),
  ],
  Dense: (op, input, settings) => [
    kernel('kernel', [channels(input), op.units], settings),
    ...bias(op.use_bias, op.units, settings),
  ],
  BatchNormalization: (op, input) => [
    ...scaleAndCenter(op, input),
    { ...constant('moving_mean', input, 'zeros'), kind: 'statistic' },
    { ...constant('moving_variance', input, 'ones'), kind: 'statistic' },
  ],
  LayerNormalization: scaleAndCenter,
  MaxPooling2D: none,
  AveragePooling2D: none,
  GlobalAveragePooling2D: none,
  GlobalMaxPooling2D: none,
  Flatten: none,
  Dropout: none,
  Activation: none,
  ReLU: none,
  ZeroPadding2D: none,
  Reshape: none,
  Rescaling: none,
  Add: none,
  Multiply: none,
  Concatenate: none,
};

function channels(input: LayerShape): number {
  return input[input.length - 1] ?? 1;
}

function kernel(variable: string, shape: readonly number[], settings: WeightSettings): Draft {
  const { kernel_initializer, kernel_regularizer } = settings;
  return { variable, shape, kind: 'trainable', initializer: kernel_initializer, regularizer: kernel_regularizer };
}

function bias(used: boolean, size: number, settings: WeightSettings): readonly Draft[] {
  if (!used) return [];
  const { bias_initializer } = settings;
  return [{ variable: 'bias', shape: [size], kind: 'trainable', initializer: bias_initializer, regularizer: null }];
}

function constant(variable: string, input: LayerShape, kind: 'zeros' | 'ones'): Draft {
  return { variable, shape: [channels(input)], kind: 'trainable', initializer: { kind }, regularizer: null };
}

function scaleAndCenter(
  op: { readonly scale: boolean; readonly center: boolean },
  input: LayerShape,
): readonly Draft[] {
  return [
    ...(op.scale ? [constant('gamma', input, 'ones')] : []),
    ...(op.center ? [constant('beta', input, 'zeros')] : []),
  ];
}
