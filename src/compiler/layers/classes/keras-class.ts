// Noun: a Keras class that tlp builds: its settings, and all that follows from them but its lowering to the graph.
import type { LayerProblem } from '../problem.ts';
import type { LayerShape } from '../tensors.ts';
import type { WeightDraft, WeightSettings } from '../weights.ts';

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

/** [height, width]. */
export type Pair = readonly [number, number];

/** Why an operation cannot be applied; the caller knows the origin. */
export type ShapeFault = Omit<LayerProblem, 'origin'>;

/** A shape is always given, after a fault the likeliest one, so that building goes on. */
export interface Shaped {
  readonly shape: LayerShape;
  readonly fault: ShapeFault | null;
}

/** What a layer's backward pass reads. */
export interface Keep {
  readonly inputs?: boolean;
  readonly output?: boolean;
  /** A dropout mask of the output's size. */
  readonly mask?: boolean;
}

/** S: the settings of the class, as Keras names them. What is left out: no weights, no multiply-adds, nothing kept. */
export interface KerasClass<S extends object> {
  /** Output shape without the batch axis, by the rules of Keras ('same': ceil(n / stride)). */
  shape(settings: S, inputs: readonly LayerShape[]): Shaped;
  /** Weights in Keras' order and layout. */
  weights?(settings: S, input: LayerShape, start: WeightSettings): readonly WeightDraft[];
  /** Multiply-adds of one image's forward pass. */
  flops?(settings: S, input: LayerShape, output: LayerShape): number;
  /** `trains`: its own weights or statistics change. */
  keeps?(settings: S, trains: boolean): Keep;
  /** The settings that tfjs knows by other names or forms; without it, as they are. */
  tfjs?(settings: S): Readonly<Record<string, unknown>>;
}

/** Without settings. */
export type Plain = Readonly<Record<never, never>>;

export const kerasClass = <S extends object = Plain>(rules: KerasClass<S>): KerasClass<S> => rules;
