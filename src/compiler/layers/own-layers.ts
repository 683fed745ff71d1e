// Verb: layers of the file (LayerPlan) → layers of the network, named as Keras names them.
import type { ActivationName, LayerKind, LayerPlan, SimpleKind } from '../plan/plan.ts';
import type { Activation, LayerOperation, LayerShape } from './layers.ts';
import type { Network, Place } from './network.ts';
import { count } from './tensors.ts';
import type { WeightSettings } from './weights.ts';

type PlanOf<K extends LayerKind> = Extract<LayerPlan, { readonly kind: K }>;
type Rule<K extends LayerKind> = (plan: PlanOf<K>, input: LayerShape) => LayerOperation;

/** Adds the layers one after another, the first reading `input`. Gives the name of the last, or `input` for an empty list. */
export function addLayers(
  network: Network,
  plans: readonly LayerPlan[],
  input: string,
  place: Omit<Place, 'quiet'>,
): string {
  return plans.reduce((before, plan, index) => {
    return addLayer(network, plan, before, { part: place.part, origin: `${place.origin}/${index}` });
  }, input);
}

/** All names that the file gives to layers, branches included. */
export function givenNames(plans: readonly LayerPlan[]): readonly string[] {
  return plans.flatMap((plan) => [
    ...(plan.name === null ? [] : [plan.name]),
    ...('branches' in plan ? plan.branches.flatMap(givenNames) : []),
  ]);
}

function addLayer(network: Network, plan: LayerPlan, input: string, place: Place): string {
  const add = network.at(place);
  if ('branches' in plan) {
    const ends = plan.branches.map((branch, index) =>
      addLayers(network, branch, input, { part: place.part, origin: `${place.origin}/branches/${index}` }),
    );
    return add({ class_name: mergeClasses[plan.kind] }, ends, { name: plan.name });
  }
  const rule = rules[plan.kind] as Rule<SimpleKind>;
  const operation = rule(plan, network.shape(input));
  const stem = plan.kind === 'spatial_dropout' ? 'spatial_dropout2d' : operation.class_name;
  return add(operation, [input], { name: plan.name, stem, weights: weightSettings(plan) });
}

const mergeClasses = { add: 'Add', concatenate: 'Concatenate', multiply: 'Multiply' } as const;

const rules: { readonly [K in SimpleKind]: Rule<K> } = {
  conv: (plan) => ({
    class_name: 'Conv2D',
    filters: plan.filters,
    kernel_size: plan.kernel,
    strides: plan.stride,
    padding: plan.padding,
    dilation_rate: plan.dilation,
    groups: plan.groups,
    use_bias: plan.use_bias,
    activation: activationOf(plan.activation),
  }),
  depthwise_conv: (plan) => ({
    class_name: 'DepthwiseConv2D',
    kernel_size: plan.kernel,
    strides: plan.stride,
    padding: plan.padding,
    dilation_rate: plan.dilation,
    depth_multiplier: plan.multiplier,
    use_bias: plan.use_bias,
    activation: activationOf(plan.activation),
  }),
  separable_conv: (plan) => ({
    class_name: 'SeparableConv2D',
    filters: plan.filters,
    kernel_size: plan.kernel,
    strides: plan.stride,
    padding: plan.padding,
    dilation_rate: plan.dilation,
    depth_multiplier: plan.multiplier,
    use_bias: plan.use_bias,
    activation: activationOf(plan.activation),
  }),
  dense: (plan) => ({
    class_name: 'Dense',
    units: plan.units,
    use_bias: plan.use_bias,
    activation: activationOf(plan.activation),
  }),
  batch_normalization: ({ momentum, epsilon, center, scale }) => {
    return { class_name: 'BatchNormalization', momentum, epsilon, center, scale };
  },
  layer_normalization: ({ epsilon, center, scale }) => ({ class_name: 'LayerNormalization', epsilon, center, scale }),
  max_pool: (plan) => ({
    class_name: 'MaxPooling2D',
    pool_size: plan.size,
    strides: plan.stride,
    padding: plan.padding,
  }),
  average_pool: (plan) => ({
    class_name: 'AveragePooling2D',
    pool_size: plan.size,
    strides: plan.stride,
    padding: plan.padding,
  }),
  global_average_pooling: () => ({ class_name: 'GlobalAveragePooling2D', keepdims: false }),
  global_max_pooling: () => ({ class_name: 'GlobalMaxPooling2D', keepdims: false }),
  flatten: () => ({ class_name: 'Flatten' }),
  dropout: ({ rate }) => ({ class_name: 'Dropout', rate, noise_shape: null }),
  // Whole channels are dropped: one draw a channel, the same for all pixels.
  spatial_dropout: ({ rate }, input) => ({
    class_name: 'Dropout',
    rate,
    noise_shape: [...input.slice(0, -1).map(() => 1), null],
  }),
  activation: (plan) => ({ class_name: 'Activation', activation: activationOf(plan.activation) }),
  zero_padding: ({ top, bottom, left, right }) => ({
    class_name: 'ZeroPadding2D',
    padding: [
      [top, bottom],
      [left, right],
    ],
  }),
  reshape: ({ shape }, input) => ({ class_name: 'Reshape', target_shape: resolved(shape, input) }),
  rescaling: ({ scale, offset }) => ({ class_name: 'Rescaling', scale, offset }),
};

/** Replaces one -1 by what is left of the input's values. */
function resolved(shape: readonly number[], input: LayerShape): readonly number[] {
  const known = count(shape.filter((size) => size !== -1));
  return shape.map((size) => (size === -1 ? Math.max(1, Math.floor(count(input) / known)) : size));
}

function activationOf(name: ActivationName): Activation {
  if (name === 'silu') return 'swish';
  return name === 'hard_silu' ? 'hard_swish' : name;
}

function weightSettings(plan: LayerPlan): Partial<WeightSettings> {
  if (!('kernel_initializer' in plan)) return {};
  const { kernel_initializer, bias_initializer, kernel_regularizer } = plan;
  return { kernel_initializer, bias_initializer, kernel_regularizer };
}
