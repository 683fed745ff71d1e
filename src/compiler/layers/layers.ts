// Noun: the model as Keras/tfjs topology data, plus what can be computed on it without creating a tensor.
import type { InitializerPlan, RegularizerPlan } from '../plan/plan.ts';

/** What `tf.models.modelFromJSON` accepts (Keras 2 form, reference: tfjs-layers 4.22). */
export interface Topology {
  readonly class_name: 'Functional';
  readonly keras_version: string;
  readonly backend: string;
  readonly config: {
    readonly name: string;
    readonly layers: readonly TopologyLayer[];
    readonly input_layers: readonly (readonly [string, number, number])[];
    readonly output_layers: readonly (readonly [string, number, number])[];
  };
}

export interface TopologyLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number])[])[];
}

/** The model: its layers in Keras' `model.layers` order. `topologyOf` writes it as Topology. */
export interface LayersModel {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** Output shape without the batch axis: [height, width, channels] or [features]. */
export type LayerShape = readonly number[];

/** One layer: an operation with its Keras config, its inputs by name, its shape and its weights. */
export type Layer = LayerCommon & LayerOperation;

interface LayerCommon {
  readonly name: string;
  /** Names of the layers it reads, in order. Empty for the input layer. */
  readonly inputs: readonly string[];
  readonly output_shape: LayerShape;
  readonly part: 'input' | 'backbone' | 'head';
  /** In Keras' order: trainable, then statistics. */
  readonly weights: readonly Weight[];
  /** JSON pointer into the plan of the layer that asked for it (`/runs/0/head/2`). */
  readonly origin: string;
}

/** A weight in Keras' own layout (conv kernel: height, width, in, out; dense: in, out). */
export interface Weight {
  /** `<layer>/<variable>`, as in Keras weight files without `:0`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** `statistic`: moving mean and variance of batch norm, never trained by gradient. */
  readonly kind: 'trainable' | 'statistic';
  readonly initializer: InitializerPlan;
  readonly regularizer: RegularizerPlan | null;
}

/** Activation functions under their tfjs/Keras 2 names where these differ from Keras 3 (`swish` for silu). */
export type Activation =
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
  | 'swish'
  | 'hard_swish'
  | 'gelu'
  | 'mish'
  | 'leaky_relu'
  | 'exponential';

type Pair = readonly [number, number];
type Padding = 'valid' | 'same';

/** Closed union of the Keras classes that tlp builds. Sizes are [height, width]. */
export type LayerOperation =
  | { readonly class_name: 'InputLayer' }
  | {
      readonly class_name: 'Conv2D';
      readonly filters: number;
      readonly kernel_size: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
      readonly dilation_rate: Pair;
      readonly groups: number;
      readonly use_bias: boolean;
      readonly activation: Activation;
    }
  | {
      readonly class_name: 'DepthwiseConv2D';
      readonly kernel_size: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
      readonly dilation_rate: Pair;
      readonly depth_multiplier: number;
      readonly use_bias: boolean;
      readonly activation: Activation;
    }
  | {
      readonly class_name: 'SeparableConv2D';
      readonly filters: number;
      readonly kernel_size: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
      readonly dilation_rate: Pair;
      readonly depth_multiplier: number;
      readonly use_bias: boolean;
      readonly activation: Activation;
    }
  | {
      readonly class_name: 'Dense';
      readonly units: number;
      readonly use_bias: boolean;
      readonly activation: Activation;
    }
  | {
      readonly class_name: 'BatchNormalization';
      readonly momentum: number;
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    }
  | {
      readonly class_name: 'LayerNormalization';
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    }
  | {
      readonly class_name: 'MaxPooling2D' | 'AveragePooling2D';
      readonly pool_size: Pair;
      readonly strides: Pair;
      readonly padding: Padding;
    }
  /** keepdims: output [1, 1, channels] instead of [channels]. */
  | { readonly class_name: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'; readonly keepdims: boolean }
  | { readonly class_name: 'Flatten' }
  /** noise_shape without the batch axis, null entries: input size; null: the whole input shape. */
  | { readonly class_name: 'Dropout'; readonly rate: number; readonly noise_shape: readonly (number | null)[] | null }
  | { readonly class_name: 'Activation'; readonly activation: Activation }
  | { readonly class_name: 'ReLU'; readonly max_value: number | null }
  | { readonly class_name: 'ZeroPadding2D'; readonly padding: readonly [Pair, Pair] }
  | { readonly class_name: 'Reshape'; readonly target_shape: readonly number[] }
  | {
      readonly class_name: 'Rescaling';
      readonly scale: number | readonly number[];
      readonly offset: number | readonly number[];
    }
  | { readonly class_name: 'Add' | 'Multiply' | 'Concatenate' };

export type LayerClass = LayerOperation['class_name'];

/** The members of the union whose `class_name` may be C; rule tables map over it. */
export type OperationOf<C extends LayerClass, O = LayerOperation> = O extends { readonly class_name: infer N }
  ? C extends N
    ? O
    : never
  : never;
