// Verb: a graph as ONNX bytes (standard domain, opset 18, IR 8).
import { printDim } from '../graph/dims.ts';
import type { DType, Graph, OpName, OpOf, Shape, Value } from '../graph/graph.ts';
import { DATA_TYPE, ModelProto, tensor } from './proto.ts';

const OPSET = 18;
const IR_VERSION = 8;

/** What an attribute of a node may be, but for single floats. */
export type AttributeValue = number | boolean | string | readonly number[];

/** How an operator is written: its attributes, and extra int64 or float inputs that follow the node's own. */
interface Spelling {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly extra?: readonly Literal[];
}
type Literal = { readonly int64: readonly number[] } | { readonly float: number };

type Speller<K extends OpName> = (op: OpOf<K>) => Spelling;

const plain = (): Spelling => ({});
/** One entry may follow the batch: it is written -1 and inferred. */
const dims = (shape: Shape): readonly number[] => shape.map((dim) => (typeof dim === 'number' ? dim : -1));
const reduce = (op: { readonly axes: readonly number[]; readonly keepdims: boolean }): Spelling => ({
  attributes: { keepdims: op.keepdims },
  extra: [{ int64: op.axes }],
});

const MOST_NEGATIVE = -(2 ** 31);

/** Attributes whose value differs from the record's own are spelled here; total over the union. */
const spellers: { readonly [K in OpName]: Speller<K> } = {
  Add: plain,
  Sub: plain,
  Mul: plain,
  Div: plain,
  Pow: plain,
  Max: plain,
  Min: plain,
  Neg: plain,
  Abs: plain,
  Sign: plain,
  Exp: plain,
  Log: plain,
  Sqrt: plain,
  Reciprocal: plain,
  Erf: plain,
  Relu: plain,
  Sigmoid: plain,
  Tanh: plain,
  Softplus: plain,
  Softsign: plain,
  HardSwish: plain,
  Mish: plain,
  LeakyRelu: (op) => ({ floats: { alpha: op.alpha } }),
  Elu: (op) => ({ floats: { alpha: op.alpha } }),
  Selu: (op) => ({ floats: { alpha: op.alpha, gamma: op.gamma } }),
  HardSigmoid: (op) => ({ floats: { alpha: op.alpha, beta: op.beta } }),
  Clip: (op) => ({ extra: [{ float: op.min }, { float: op.max }] }),
  Greater: plain,
  Less: plain,
  Equal: plain,
  And: plain,
  Where: plain,
  Cast: (op) => ({ attributes: { to: DATA_TYPE[op.to] } }),
  Identity: plain,
  Gemm: (op) => ({ attributes: { transA: op.transA, transB: op.transB } }),
  MatMul: plain,
  Conv: ({ op: _, ...attributes }) => ({ attributes }),
  ConvTranspose: ({ op: _, ...attributes }) => ({ attributes }),
  MaxPool: ({ op: _, ...attributes }) => ({ attributes }),
  AveragePool: ({ op: _, ...attributes }) => ({ attributes }),
  GlobalAveragePool: plain,
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  Softmax: (op) => ({ attributes: { axis: op.axis } }),
  LogSoftmax: (op) => ({ attributes: { axis: op.axis } }),
  ArgMax: (op) => ({ attributes: { axis: op.axis, keepdims: op.keepdims } }),
  Reshape: (op) => ({ extra: [{ int64: dims(op.shape) }] }),
  Transpose: (op) => ({ attributes: { perm: op.perm } }),
  Concat: (op) => ({ attributes: { axis: op.axis } }),
  Slice: (op) => ({
    extra: [
      { int64: op.starts },
      { int64: op.ends.map((end, i) => (op.steps[i]! < 0 && end < 0 ? MOST_NEGATIVE : end)) },
      { int64: op.axes },
      { int64: op.steps },
    ],
  }),
  Pad: (op) => ({ extra: [{ int64: op.pads }] }),
  Expand: plain,
  Shape: plain,
  ConstantOfShape: plain,
  ScatterElements: () => ({ attributes: { axis: 0, reduction: 'add' } }),
  MaxUnpool: (op) => ({ attributes: { kernel_shape: op.kernel_shape, strides: op.strides, pads: op.pads } }),
  BatchNormalization: (op) => ({ floats: { epsilon: op.epsilon } }),
  BatchNormalizationTraining: () => {
    throw new Error('batch norm in training form is spelled out before it is encoded');
  },
};

/** An AttributeProto: text, a list of integers, or one integer. */
export const attribute = (name: string, value: AttributeValue): object => {
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 };
  if (typeof value === 'object') return { name, ints: value, type: 7 };
  return { name, i: Number(value), type: 2 };
};

const valueInfo = (name: string, dtype: DType, shape: Shape): object => ({
  name,
  type: {
    tensorType: {
      elemType: DATA_TYPE[dtype],
      shape: { dim: shape.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: printDim(dim) })) },
    },
  },
});

/**
 * The graph as an ONNX model. `unbound` inputs are left out of the model's inputs: `bindInitializers` supplies them as constants
 * before the model is loaded, so that the engine can fold and reorder them.
 */
export const encodeOnnx = (graph: Graph, unbound: ReadonlySet<string> = new Set()): Uint8Array => {
  const literals = new Map<string, object>();
  const literal = (value: Literal): string => {
    const key = JSON.stringify(value);
    const name = `$${key}`;
    if (!literals.has(key)) {
      literals.set(
        key,
        'int64' in value
          ? tensor(name, [value.int64.length], BigInt64Array.from(value.int64, BigInt))
          : tensor(name, [], Float32Array.of(value.float)),
      );
    }
    return name;
  };
  const valueNamed = (name: string): Value => {
    const value = graph.values.get(name);
    if (!value) throw new Error(`the graph has no value '${name}'`);
    return value;
  };
  const used = new Set([...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs]);
  const node = graph.nodes.map(({ op, inputs, outputs }) => {
    const spelling = (spellers[op.op] as Speller<OpName>)(op);
    const { attributes = {}, floats = {}, extra = [] } = spelling;
    const kept = op.op === 'MaxPool' && !used.has(outputs[1] as string) ? outputs.slice(0, 1) : outputs;
    return {
      name: outputs[0],
      opType: op.op,
      input: [...inputs, ...extra.map(literal)],
      output: kept,
      attribute: [
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        ...Object.entries(floats).map(([name, value]) => ({ name, f: value, type: 1 })),
      ],
    };
  });
  const info = (name: string): object => {
    const { dtype, shape } = valueNamed(name);
    return valueInfo(name, dtype, shape);
  };
  const constants = graph.constants
    .filter(({ name }) => used.has(name))
    .map(({ name, data }) => tensor(name, (graph.values.get(name)?.shape ?? []) as readonly number[], data));
  const message = ModelProto.fromObject({
    irVersion: IR_VERSION,
    producerName: 'tlp',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graph.name,
      node,
      initializer: [...constants, ...literals.values()],
      input: graph.inputs.filter((name) => !unbound.has(name)).map(info),
      output: graph.outputs.map(info),
    },
  });
  return ModelProto.encode(message).finish();
};
