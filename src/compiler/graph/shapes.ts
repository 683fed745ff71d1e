// Shape rules: one entry an operator, total over the closed union.
import { reachOf, windowCount } from '../leaf/convolution.ts';
import { broadcast, fixed, printShape, product, sameDim, sameShape } from './dims.ts';
import type { Dim, DType, Op, OpName, OpOf, Pads, Shape } from './graph.ts';

export interface ValueType {
  readonly dtype: DType;
  readonly shape: Shape;
}

type ShapeRule<K extends OpName> = (op: OpOf<K>, inputs: readonly ValueType[]) => readonly ValueType[];

const at = (inputs: readonly ValueType[], index: number): ValueType => {
  const input = inputs[index];
  if (!input) throw new Error(`input ${index} is missing`);
  return input;
};
const only = (type: ValueType): readonly ValueType[] => [type];
const same = (_: unknown, inputs: readonly ValueType[]) => only(at(inputs, 0));
const elementwise = (dtype?: DType) => (_: unknown, inputs: readonly ValueType[]) =>
  only({ dtype: dtype ?? at(inputs, 0).dtype, shape: broadcast(at(inputs, 0).shape, at(inputs, 1).shape) });

const windows = (size: number, kernel: number, stride: number, dilation: number, pads: number): number =>
  windowCount(size + pads, reachOf(kernel, dilation), stride);

interface Window {
  readonly kernel_shape: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: Pads;
  readonly dilations?: readonly [number, number];
}

const windowed = (op: Window, shape: Shape, channels: Dim): Shape => {
  const [height, width] = [fixed(shape[2]), fixed(shape[3])];
  const [dh, dw] = op.dilations ?? [1, 1];
  return [
    shape[0] as Dim,
    channels,
    windows(height, op.kernel_shape[0], op.strides[0], dh, op.pads[0] + op.pads[2]),
    windows(width, op.kernel_shape[1], op.strides[1], dw, op.pads[1] + op.pads[3]),
  ];
};

const reduce = (
  op: OpOf<'ReduceSum' | 'ReduceMean' | 'ReduceMax'>,
  inputs: readonly ValueType[],
): readonly ValueType[] => {
  const { dtype, shape } = at(inputs, 0);
  const kept = shape.map((dim, axis) => (op.axes.includes(axis) ? 1 : dim));
  return only({ dtype, shape: op.keepdims ? kept : kept.filter((_, axis) => !op.axes.includes(axis)) });
};

/** Result types of every operator. A rule throws on inputs that do not fit: that is an error of tlp, not of the user. */
export const shapeRules: { readonly [K in OpName]: ShapeRule<K> } = {
  Add: elementwise(),
  Sub: elementwise(),
  Mul: elementwise(),
  Div: elementwise(),
  Pow: elementwise(),
  Max: elementwise(),
  Min: elementwise(),
  Neg: same,
  Abs: same,
  Sign: same,
  Exp: same,
  Log: same,
  Sqrt: same,
  Reciprocal: same,
  Erf: same,
  Relu: same,
  Sigmoid: same,
  Tanh: same,
  Softplus: same,
  Softsign: same,
  HardSwish: same,
  Mish: same,
  LeakyRelu: same,
  Elu: same,
  Selu: same,
  HardSigmoid: same,
  Clip: same,
  Greater: elementwise('bool'),
  Less: elementwise('bool'),
  Equal: elementwise('bool'),
  And: elementwise('bool'),
  Where: (_, inputs) => {
    const [condition, x, y] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
    return only({ dtype: x.dtype, shape: broadcast(condition.shape, broadcast(x.shape, y.shape)) });
  },
  Cast: (op, inputs) => only({ dtype: op.to, shape: at(inputs, 0).shape }),
  Identity: same,
  Gemm: (op, inputs) => {
    const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
    const [rows, inner] = op.transA ? [a[1], a[0]] : [a[0], a[1]];
    const [innerB, columns] = op.transB ? [b[1], b[0]] : [b[0], b[1]];
    if (a.length !== 2 || b.length !== 2 || !sameDim(inner as Dim, innerB as Dim)) {
      throw new Error(`Gemm of ${printShape(a)} and ${printShape(b)}`);
    }
    return only({ dtype: 'float32', shape: [rows as Dim, columns as Dim] });
  },
  MatMul: (_, inputs) => {
    const [a, b] = [at(inputs, 0).shape, at(inputs, 1).shape];
    const fits =
      a.length === 3 && b.length === 3 && sameDim(a[0] as Dim, b[0] as Dim) && sameDim(a[2] as Dim, b[1] as Dim);
    if (!fits) throw new Error(`MatMul of ${printShape(a)} and ${printShape(b)}`);
    return only({ dtype: 'float32', shape: [a[0] as Dim, a[1] as Dim, b[2] as Dim] });
  },
  Conv: (op, inputs) => {
    const [x, w] = [at(inputs, 0).shape, at(inputs, 1).shape];
    if (!sameDim(fixed(x[1]), fixed(w[1]) * op.group))
      throw new Error(`Conv of ${printShape(x)} with ${printShape(w)}`);
    return only({ dtype: 'float32', shape: windowed(op, x, w[0] as Dim) });
  },
  ConvTranspose: (op, inputs) => {
    const [x, w] = [at(inputs, 0).shape, at(inputs, 1).shape];
    const size = (axis: 0 | 1): number =>
      op.strides[axis] * (fixed(x[axis + 2]) - 1) +
      op.output_padding[axis] +
      (op.kernel_shape[axis] - 1) * op.dilations[axis] +
      1 -
      op.pads[axis] -
      op.pads[axis + 2]!;
    return only({ dtype: 'float32', shape: [x[0] as Dim, fixed(w[1]) * op.group, size(0), size(1)] });
  },
  MaxPool: (op, inputs) => {
    const { shape } = at(inputs, 0);
    const pooled = windowed(op, shape, shape[1] as Dim);
    return [
      { dtype: 'float32', shape: pooled },
      { dtype: 'int64', shape: pooled },
    ];
  },
  AveragePool: (op, inputs) => {
    const { shape } = at(inputs, 0);
    return only({ dtype: 'float32', shape: windowed(op, shape, shape[1] as Dim) });
  },
  GlobalAveragePool: (_, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    return only({ dtype, shape: [...shape.slice(0, 2), 1, 1] });
  },
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  Softmax: same,
  LogSoftmax: same,
  ArgMax: (op, inputs) => {
    const shape = at(inputs, 0).shape.map((dim, axis) => (axis === op.axis ? 1 : dim));
    return only({ dtype: 'int64', shape: op.keepdims ? shape : shape.filter((_, axis) => axis !== op.axis) });
  },
  Reshape: (op, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    if (!sameDim(product(shape), product(op.shape))) {
      throw new Error(`Reshape of ${printShape(shape)} to ${printShape(op.shape)}`);
    }
    return only({ dtype, shape: op.shape });
  },
  Transpose: (op, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    return only({ dtype, shape: op.perm.map((axis) => shape[axis] as Dim) });
  },
  Concat: (op, inputs) => {
    const first = at(inputs, 0);
    const total = inputs.reduce((sum, input) => sum + fixed(input.shape[op.axis]), 0);
    for (const { shape } of inputs) {
      if (!shape.every((dim, axis) => axis === op.axis || sameDim(dim, first.shape[axis] as Dim))) {
        throw new Error(`Concat of ${inputs.map((input) => printShape(input.shape)).join(', ')}`);
      }
    }
    return only({ dtype: first.dtype, shape: first.shape.map((dim, axis) => (axis === op.axis ? total : dim)) });
  },
  Slice: (op, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    return only({
      dtype,
      shape: shape.map((dim, axis) => {
        const i = op.axes.indexOf(axis);
        if (i < 0) return dim;
        const [start, end, step] = [op.starts[i]!, op.ends[i]!, op.steps[i]!];
        return Math.max(0, Math.ceil((end - start) / step));
      }),
    });
  },
  Pad: (op, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    const more = (axis: number): number => op.pads[axis]! + op.pads[axis + shape.length]!;
    return only({ dtype, shape: shape.map((dim, axis) => (more(axis) === 0 ? dim : fixed(dim) + more(axis))) });
  },
  Expand: (op, inputs) => {
    const { dtype, shape } = at(inputs, 0);
    if (!sameShape(broadcast(shape, op.shape), op.shape)) {
      throw new Error(`Expand of ${printShape(shape)} to ${printShape(op.shape)}`);
    }
    return only({ dtype, shape: op.shape });
  },
  Shape: (_, inputs) => only({ dtype: 'int64', shape: [at(inputs, 0).shape.length] }),
  ConstantOfShape: (op) => only({ dtype: 'float32', shape: op.shape }),
  ScatterElements: same,
  MaxUnpool: (op) => only({ dtype: 'float32', shape: op.shape }),
  BatchNormalization: same,
  BatchNormalizationTraining: (_, inputs) => {
    const x = at(inputs, 0);
    const channel: ValueType = { dtype: 'float32', shape: [x.shape[1] as Dim] };
    return [x, channel, channel];
  },
};

/** Result types of `op` on `inputs`. */
export const inferTypes = (op: Op, inputs: readonly ValueType[]): readonly ValueType[] =>
  (shapeRules[op.op] as (op: Op, inputs: readonly ValueType[]) => readonly ValueType[])(op, inputs);
