// Noun: a layer of the plan, with every parameter.

export type Padding = 'valid' | 'same';

export type ActivationName =
  | 'linear'
  | 'relu'
  | 'relu6'
  | 'elu'
  | 'selu'
  | 'sigmoid'
  | 'hard_sigmoid'
  | 'tanh'
  | 'softmax'
  | 'softplus'
  | 'softsign'
  | 'silu'
  | 'hard_silu'
  | 'gelu'
  | 'mish'
  | 'leaky_relu'
  | 'exponential';

export type InitializerPlan =
  | {
      readonly kind:
        | 'glorot_uniform'
        | 'glorot_normal'
        | 'he_uniform'
        | 'he_normal'
        | 'lecun_uniform'
        | 'lecun_normal'
        | 'zeros'
        | 'ones';
    }
  | { readonly kind: 'random_normal' | 'truncated_normal'; readonly stddev: number }
  | { readonly kind: 'random_uniform'; readonly limit: number }
  | { readonly kind: 'constant'; readonly value: number };

/** Penalty added to the loss: l1 * sum|w| + l2 * sum w^2. */
export interface RegularizerPlan {
  readonly l1: number;
  readonly l2: number;
}

type Pair = readonly [number, number];

/** What every layer of the file has: its name in the model, null: derived from its kind and position as Keras does. */
interface Named {
  readonly name: string | null;
}

interface Kernel {
  readonly kernel_initializer: InitializerPlan;
  readonly kernel_regularizer: RegularizerPlan | null;
  readonly use_bias: boolean;
  readonly bias_initializer: InitializerPlan;
  readonly activation: ActivationName;
}

/** Sizes are [height, width]. */
export type LayerPlan =
  | ({
      readonly kind: 'conv';
      readonly filters: number;
      readonly kernel: Pair;
      readonly stride: Pair;
      readonly padding: Padding;
      readonly dilation: Pair;
      readonly groups: number;
    } & Kernel &
      Named)
  | ({
      readonly kind: 'depthwise_conv';
      readonly kernel: Pair;
      readonly stride: Pair;
      readonly padding: Padding;
      readonly dilation: Pair;
      readonly multiplier: number;
    } & Kernel &
      Named)
  | ({
      readonly kind: 'separable_conv';
      readonly filters: number;
      readonly kernel: Pair;
      readonly stride: Pair;
      readonly padding: Padding;
      readonly dilation: Pair;
      readonly multiplier: number;
    } & Kernel &
      Named)
  | ({ readonly kind: 'dense'; readonly units: number } & Kernel & Named)
  | ({
      readonly kind: 'batch_normalization';
      readonly momentum: number;
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    } & Named)
  | ({
      readonly kind: 'layer_normalization';
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    } & Named)
  | ({
      readonly kind: 'max_pool' | 'average_pool';
      readonly size: Pair;
      readonly stride: Pair;
      readonly padding: Padding;
    } & Named)
  | ({ readonly kind: 'global_average_pooling' | 'global_max_pooling' | 'flatten' } & Named)
  | ({ readonly kind: 'dropout' | 'spatial_dropout'; readonly rate: number } & Named)
  | ({ readonly kind: 'activation'; readonly activation: ActivationName } & Named)
  | ({
      readonly kind: 'zero_padding';
      readonly top: number;
      readonly bottom: number;
      readonly left: number;
      readonly right: number;
    } & Named)
  | ({ readonly kind: 'reshape'; readonly shape: readonly number[] } & Named)
  | ({ readonly kind: 'rescaling'; readonly scale: number; readonly offset: number } & Named)
  /** Each branch starts from the layer before; an empty branch is that layer itself. */
  | ({
      readonly kind: 'add' | 'concatenate' | 'multiply';
      readonly branches: readonly (readonly LayerPlan[])[];
    } & Named);

export type LayerKind = LayerPlan['kind'];
