// Noun: a small SSA graph whose operators are standard ONNX operators (opset 18), with one symbolic dimension: the batch.

/** A size: a number, or a multiple of the batch size, which is known only when a step runs. */
export type Dim = number | BatchDim;

/** `times` x the batch size. */
export interface BatchDim {
  readonly times: number;
}

export type Shape = readonly Dim[];

export type DType = 'float32' | 'int64' | 'bool';

/** A value is assigned once, by a node, as a graph input, or as a constant. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Operators with the attributes tlp uses; meaning as in the ONNX specification. */
export type Op =
  | { readonly op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Max' | 'Min' }
  | { readonly op: 'Neg' | 'Abs' | 'Sign' | 'Exp' | 'Log' | 'Sqrt' | 'Reciprocal' | 'Erf' }
  | { readonly op: 'Relu' | 'Sigmoid' | 'Tanh' | 'Softplus' | 'Softsign' | 'HardSwish' | 'Mish' }
  | { readonly op: 'LeakyRelu' | 'Elu'; readonly alpha: number }
  | { readonly op: 'Selu'; readonly alpha: number; readonly gamma: number }
  | { readonly op: 'HardSigmoid'; readonly alpha: number; readonly beta: number }
  /** Bounds are attributes here and constant inputs in ONNX. */
  | { readonly op: 'Clip'; readonly min: number; readonly max: number }
  | { readonly op: 'Greater' | 'Less' | 'Equal' | 'And' }
  | { readonly op: 'Where' }
  | { readonly op: 'Cast'; readonly to: DType }
  | { readonly op: 'Identity' }
  /** Inputs A, B and optionally C (broadcast to the result). */
  | { readonly op: 'Gemm'; readonly transA: boolean; readonly transB: boolean }
  /** Batched product of the last two axes; both inputs of rank 3. */
  | { readonly op: 'MatMul' }
  /** Inputs X (N, C, H, W), W (M, C/group, kH, kW), optionally B (M). pads: [top, left, bottom, right]. */
  | {
      readonly op: 'Conv';
      readonly strides: Pair;
      readonly pads: Pads;
      readonly dilations: Pair;
      readonly group: number;
      readonly kernel_shape: Pair;
    }
  | {
      readonly op: 'ConvTranspose';
      readonly strides: Pair;
      readonly pads: Pads;
      readonly dilations: Pair;
      readonly group: number;
      readonly kernel_shape: Pair;
      readonly output_padding: Pair;
    }
  /** Outputs Y and, where asked for, Indices (flat, over the whole tensor). */
  | { readonly op: 'MaxPool'; readonly kernel_shape: Pair; readonly strides: Pair; readonly pads: Pads }
  /** Padding is not counted. */
  | { readonly op: 'AveragePool'; readonly kernel_shape: Pair; readonly strides: Pair; readonly pads: Pads }
  | { readonly op: 'GlobalAveragePool' }
  | {
      readonly op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax';
      readonly axes: readonly number[];
      readonly keepdims: boolean;
    }
  | { readonly op: 'Softmax' | 'LogSoftmax'; readonly axis: number }
  /** Picks the first of equals. */
  | { readonly op: 'ArgMax'; readonly axis: number; readonly keepdims: boolean }
  /** At most one entry may depend on the batch. */
  | { readonly op: 'Reshape'; readonly shape: Shape }
  | { readonly op: 'Transpose'; readonly perm: readonly number[] }
  | { readonly op: 'Concat'; readonly axis: number }
  /** Along each of `axes` from `starts` (inclusive) to `ends` (exclusive; -1 is before the first) by `steps`; never along the batch. */
  | {
      readonly op: 'Slice';
      readonly axes: readonly number[];
      readonly starts: readonly number[];
      readonly ends: readonly number[];
      readonly steps: readonly number[];
    }
  /** Zeros around: [begin of each axis..., end of each axis...]. */
  | { readonly op: 'Pad'; readonly pads: readonly number[] }
  /** Inputs X and the sizes of the result, which are `shape`. */
  | { readonly op: 'Expand'; readonly shape: Shape }
  /** Sizes of the input as int64. */
  | { readonly op: 'Shape' }
  /** Zeros; the input holds the sizes, which are `shape`. */
  | { readonly op: 'ConstantOfShape'; readonly shape: Shape }
  /** Inputs data, indices, updates; along axis 0; equal indices add up. */
  | { readonly op: 'ScatterElements' }
  /** Inputs X, indices of a MaxPool without overlap, and the sizes of the result. */
  | {
      readonly op: 'MaxUnpool';
      readonly kernel_shape: Pair;
      readonly strides: Pair;
      readonly pads: Pads;
      readonly shape: Shape;
    }
  /** Inputs X, scale, bias, mean, variance: the inference form. */
  | { readonly op: 'BatchNormalization'; readonly epsilon: number }
  /**
   * Inputs X, scale, bias; outputs Y, batch mean, batch (population) variance: ONNX' BatchNormalization with training_mode 1 and
   * momentum 0. Differentiated as one operator; a pass spells it with others before it is encoded.
   */
  | { readonly op: 'BatchNormalizationTraining'; readonly epsilon: number };

type Pair = readonly [number, number];
/** [top, left, bottom, right] */
export type Pads = readonly [number, number, number, number];

export type OpName = Op['op'];
/** The operator `K` with its attributes. */
export type OpOf<K extends OpName> = Narrow<Op, K>;
type Narrow<O extends Op, K extends OpName> = O extends Op
  ? Extract<O['op'], K> extends never
    ? never
    : Omit<O, 'op'> & { readonly op: Extract<O['op'], K> }
  : never;

export interface Node {
  readonly op: Op;
  /** Value names. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Constant {
  readonly name: string;
  readonly data: Float32Array | BigInt64Array;
}

/** Nodes are in an order in which every value is assigned before it is read. */
export interface Graph {
  readonly name: string;
  /** Every value of the graph by name. */
  readonly values: ReadonlyMap<string, Value>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
}
