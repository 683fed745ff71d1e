// Gradient rules: one entry an operator, total over the closed union. A rule writes the gradient of each input as new nodes.
import type { Builder, Formulas } from './builder.ts';
import { convolutionGradient, transposedConvolutionGradient } from './convolution-gradient.ts';
import { fixed, sameDim } from './dims.ts';
import type { Call, GradientRule, InputGradients } from './gradient-rule.ts';
import type { Dim, OpName, Shape } from './graph.ts';
import { averagePoolGradient, maxPoolGradient } from './pool-gradient.ts';

/** Sums `gradient` over the axes along which a value of shape `to` was broadcast. */
export const unbroadcast = (f: Formulas, gradient: string, from: Shape, to: Shape): string => {
  const lead = from.length - to.length;
  const axes = from.flatMap((dim, axis) => (axis < lead || !sameDim(dim, to[axis - lead] as Dim) ? [axis] : []));
  if (axes.length === 0) return gradient;
  const summed = f.sum(gradient, axes, true);
  return lead === 0 ? summed : f.reshape(summed, to);
};

type Terms = (call: Call, a: string, b: string) => readonly [() => string, () => string];

/** Rule of a two-input elementwise operator from the two partial products; undoes broadcasting. */
const binary =
  (terms: Terms) =>
  (call: Call): InputGradients => {
    const [a, b] = call.inputs as [string, string];
    const shape = call.b.shape(call.outputs[0] as string);
    return terms(call, a, b).map((term, index) =>
      call.wanted[index] ? unbroadcast(call.f, term(), shape, call.b.shape(call.inputs[index] as string)) : undefined,
    );
  };

type Slope = (call: Call, x: string, y: string) => string;

/** Rule of a one-input elementwise operator from its derivative. */
const unary =
  (slope: Slope) =>
  (call: Call): InputGradients => [
    call.f.mul(call.dy, slope(call, call.inputs[0] as string, call.outputs[0] as string)),
  ];

const step = ({ f }: Call, condition: string): string => f.toFloat(condition);
const none = (): InputGradients => [];

/** Where the first input wins (`greater` for Max); equal values go to the first. */
const winner = (greater: boolean) =>
  binary(({ f, dy }, a, b) => {
    const second = (): string => f.toFloat(greater ? f.less(a, b) : f.greater(a, b));
    return [() => f.mul(dy, f.sub(1, second())), () => f.mul(dy, second())];
  });

const reduceGradient = ({
  b,
  f,
  op,
  inputs,
  dy,
}: Call & { readonly op: { readonly axes: readonly number[]; readonly keepdims: boolean } }) => {
  const shape = b.shape(inputs[0] as string);
  const kept = shape.map((dim, axis) => (op.axes.includes(axis) ? 1 : dim));
  return { kept, dy: op.keepdims ? dy : f.reshape(dy, kept) };
};

export const gradientRules: { readonly [K in OpName]: GradientRule<K> } = {
  Add: binary(({ dy }) => [() => dy, () => dy]),
  Sub: binary(({ f, dy }) => [() => dy, () => f.neg(dy)]),
  Mul: binary(({ f, dy }, a, b) => [() => f.mul(dy, b), () => f.mul(dy, a)]),
  Div: binary(({ f, dy }, a, b) => [() => f.div(dy, b), () => f.neg(f.div(f.mul(dy, a), f.mul(b, b)))]),
  // d/da a^b = b a^(b-1); d/db a^b = a^b ln a
  Pow: binary(({ f, dy, outputs }, a, b) => [
    () => f.mul(dy, f.mul(b, f.pow(a, f.sub(b, 1)))),
    () => f.mul(dy, f.mul(outputs[0] as string, f.log(a))),
  ]),
  Max: winner(true),
  Min: winner(false),
  Neg: ({ f, dy }) => [f.neg(dy)],
  Abs: unary(({ f }, x) => f.sign(x)),
  Sign: none,
  Exp: unary((_, __, y) => y),
  Log: ({ f, dy, inputs }) => [f.div(dy, inputs[0] as string)],
  Sqrt: ({ f, dy, outputs }) => [f.div(dy, f.mul(outputs[0] as string, 2))],
  Reciprocal: unary(({ f }, _, y) => f.neg(f.mul(y, y))),
  // 2 / sqrt(pi) exp(-x^2)
  Erf: unary(({ f }, x) => f.mul(f.exp(f.neg(f.mul(x, x))), 2 / Math.sqrt(Math.PI))),
  Relu: unary((call, _, y) => step(call, call.f.greater(y, 0))),
  Sigmoid: unary(({ f }, _, y) => f.mul(y, f.sub(1, y))),
  Tanh: unary(({ f }, _, y) => f.sub(1, f.mul(y, y))),
  Softplus: unary(({ f }, x) => f.sigmoid(x)),
  // 1 / (1 + |x|)^2
  Softsign: unary(({ f }, x) => f.pow(f.add(f.abs(x), 1), -2)),
  // x relu6(x + 3) / 6: (2x + 3) / 6 between -3 and 3, then 1
  HardSwish: unary((call, x) => {
    const { f } = call;
    const inside = f.mul(step(call, f.greater(x, -3)), step(call, f.less(x, 3)));
    return f.add(f.mul(inside, f.div(f.add(f.mul(x, 2), 3), 6)), f.sub(1, step(call, f.less(x, 3))));
  }),
  // y = x t, t = tanh(softplus x): t + x (1 - t^2) sigmoid x
  Mish: unary(({ f }, x) => {
    const t = f.tanh(f.softplus(x));
    return f.add(t, f.mul(f.mul(x, f.sub(1, f.mul(t, t))), f.sigmoid(x)));
  }),
  LeakyRelu: (call) => {
    const { f, op } = call;
    return unary((_, x) => f.add(f.mul(step(call, f.greater(x, 0)), 1 - op.alpha), op.alpha))(call);
  },
  // alpha (e^x - 1) below zero: y + alpha
  Elu: (call) => {
    const { b, f, op } = call;
    return unary((_, x, y) => b.add({ op: 'Where' }, [f.greater(x, 0), b.constant([1]), f.add(y, op.alpha)]))(call);
  },
  // gamma x above zero, gamma alpha (e^x - 1) below: gamma or y + gamma alpha
  Selu: (call) => {
    const { b, f, op } = call;
    return unary((_, x, y) =>
      b.add({ op: 'Where' }, [f.greater(x, 0), b.constant([op.gamma]), f.add(y, op.gamma * op.alpha)]),
    )(call);
  },
  HardSigmoid: (call) => {
    const { f, op } = call;
    return unary((_, __, y) => f.mul(f.mul(step(call, f.greater(y, 0)), step(call, f.less(y, 1))), op.alpha))(call);
  },
  // relu6 and the like: 1 strictly inside the bounds
  Clip: (call) => {
    const { f, op } = call;
    return unary((_, __, y) => f.mul(step(call, f.greater(y, op.min)), step(call, f.less(y, op.max))))(call);
  },
  Greater: none,
  Less: none,
  Equal: none,
  And: none,
  Where: ({ b, f, inputs, outputs, dy, wanted }) => {
    const [condition, x, y] = inputs as [string, string, string];
    const shape = b.shape(outputs[0] as string);
    const zero = b.constant([0]);
    return [
      undefined,
      wanted[1] ? unbroadcast(f, b.add({ op: 'Where' }, [condition, dy, zero]), shape, b.shape(x)) : undefined,
      wanted[2] ? unbroadcast(f, b.add({ op: 'Where' }, [condition, zero, dy]), shape, b.shape(y)) : undefined,
    ];
  },
  Cast: none,
  Identity: ({ dy }) => [dy],
  // Y = A B (+ C): dA = dY B^T, dB = A^T dY, each transposed where the input was
  Gemm: ({ b, f, op, inputs, outputs, dy, wanted }) => {
    const [x, w, c] = inputs as [string, string, string | undefined];
    const gemm = (p: string, transA: boolean, q: string, transB: boolean): string =>
      b.add({ op: 'Gemm', transA, transB }, [p, q]);
    const dx = (): string => (op.transA ? gemm(w, op.transB, dy, true) : gemm(dy, false, w, !op.transB));
    const dw = (): string => (op.transB ? gemm(dy, true, x, op.transA) : gemm(x, !op.transA, dy, false));
    return [
      wanted[0] ? dx() : undefined,
      wanted[1] ? dw() : undefined,
      c !== undefined && wanted[2] ? unbroadcast(f, dy, b.shape(outputs[0] as string), b.shape(c)) : undefined,
    ];
  },
  // dA = dY B^T, dB = A^T dY, for each entry of the first axis
  MatMul: ({ b, f, inputs, dy, wanted }) => {
    const [x, y] = inputs as [string, string];
    const turned = (value: string): string => f.transpose(value, [0, 2, 1]);
    return [
      wanted[0] ? b.add({ op: 'MatMul' }, [dy, turned(y)]) : undefined,
      wanted[1] ? b.add({ op: 'MatMul' }, [turned(x), dy]) : undefined,
    ];
  },
  Conv: convolutionGradient,
  ConvTranspose: transposedConvolutionGradient,
  MaxPool: maxPoolGradient,
  AveragePool: averagePoolGradient,
  GlobalAveragePool: ({ b, f, inputs, dy }) => {
    const shape = b.shape(inputs[0] as string);
    const area = fixed(shape[2]) * fixed(shape[3]);
    return [f.expandLike(f.mul(dy, 1 / area), inputs[0] as string)];
  },
  ReduceSum: (call) => [call.f.expandLike(reduceGradient(call).dy, call.inputs[0] as string)],
  // The number of terms may depend on the batch.
  ReduceMean: (call) => {
    const { b, f, inputs } = call;
    const x = inputs[0] as string;
    return [f.expandLike(f.div(reduceGradient(call).dy, countOf(b, f, x, call.op.axes)), x)];
  },
  // Equal maxima share the gradient, as in TensorFlow.
  ReduceMax: (call) => {
    const { b, f, inputs, outputs, op } = call;
    const { kept, dy } = reduceGradient(call);
    const top = op.keepdims ? (outputs[0] as string) : f.reshape(outputs[0] as string, kept);
    const mask = f.toFloat(b.add({ op: 'Equal' }, [inputs[0] as string, top]));
    return [f.mul(mask, f.div(dy, f.sum(mask, op.axes, true)))];
  },
  Softmax: ({ f, op, outputs, dy }) => {
    const y = outputs[0] as string;
    return [f.mul(y, f.sub(dy, f.sum(f.mul(dy, y), [op.axis], true)))];
  },
  LogSoftmax: ({ f, op, outputs, dy }) => [f.sub(dy, f.mul(f.exp(outputs[0] as string), f.sum(dy, [op.axis], true)))],
  ArgMax: none,
  Reshape: ({ b, f, inputs, dy }) => [f.reshape(dy, b.shape(inputs[0] as string))],
  Transpose: ({ f, op, dy }) => [
    f.transpose(
      dy,
      op.perm.map((_, axis) => op.perm.indexOf(axis)),
    ),
  ],
  Concat: ({ b, f, op, inputs, dy, wanted }) => {
    let start = 0;
    return inputs.map((input, index) => {
      const begin = start;
      start += fixed(b.shape(input)[op.axis]);
      return wanted[index] ? f.slice(dy, [op.axis], [begin], [start]) : undefined;
    });
  },
  Slice: ({ b, f, op, inputs, dy }) => {
    const shape = b.shape(inputs[0] as string);
    return [
      op.axes.reduce((gradient, axis, i) => unslice(b, f, gradient, shape, axis, op.starts[i]!, op.steps[i]!), dy),
    ];
  },
  Pad: ({ b, f, op, inputs, dy }) => {
    const shape = b.shape(inputs[0] as string);
    const axes = shape.flatMap((_, axis) => (op.pads[axis] || op.pads[axis + shape.length] ? [axis] : []));
    if (axes.length === 0) return [dy];
    const starts = axes.map((axis) => op.pads[axis]!);
    const ends = axes.map((axis) => op.pads[axis]! + fixed(shape[axis]));
    return [f.slice(dy, axes, starts, ends)];
  },
  Expand: ({ b, f, op, inputs, dy }) => [unbroadcast(f, dy, op.shape, b.shape(inputs[0] as string))],
  Shape: none,
  ConstantOfShape: none,
  // out = data with updates added: data passes, updates pick what they added to. Not differentiated in tlp's graphs: only data flows.
  ScatterElements: ({ dy }) => [dy],
  MaxUnpool: none,
  // y = (x - mean) s scale + bias, s = 1 / sqrt(variance + epsilon)
  BatchNormalization: ({ b, f, op, inputs, dy, wanted }) => {
    const [x, scale, , mean, variance] = inputs as [string, string, string, string, string];
    const inverse = f.reciprocal(f.sqrt(f.add(variance, op.epsilon)));
    const gain = f.mul(scale, inverse);
    const sums = b.shape(x).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const total = (): string => f.sum(dy, sums);
    const centred = (): string => f.sub(f.sum(f.mul(dy, x), sums), f.mul(mean, total()));
    return [
      wanted[0] ? f.mul(dy, f.channels(gain, b.shape(x).length)) : undefined,
      wanted[1] ? f.mul(centred(), inverse) : undefined,
      wanted[2] ? total() : undefined,
      wanted[3] ? f.neg(f.mul(total(), gain)) : undefined,
      wanted[4] ? f.mul(f.mul(centred(), gain), f.mul(f.mul(inverse, inverse), -0.5)) : undefined,
    ];
  },
  // dx = gain (dy - mean(dy) - x^ mean(dy x^)), x^ = (x - mean) s, written as one affine map of x and one of dy a channel
  BatchNormalizationTraining: ({ b, f, op, inputs, outputs, dy, wanted }) => {
    const [x, scale] = inputs as [string, string];
    const [, mean, variance] = outputs as [string, string, string];
    const shape = b.shape(x);
    const axes = shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const inverse = f.reciprocal(f.sqrt(f.add(variance, op.epsilon)));
    const gain = f.mul(scale, inverse);
    const total = f.sum(dy, axes);
    const centred = f.sub(f.sum(f.mul(dy, x), axes), f.mul(mean, total));
    const dscale = f.mul(centred, inverse);
    const dx = (): string => {
      const count = countOf(b, f, x, axes);
      const slope = f.neg(f.div(f.mul(f.mul(gain, inverse), dscale), count));
      const offset = f.neg(f.add(f.div(f.mul(gain, total), count), f.mul(slope, mean)));
      const [zero, one] = [0, 1].map((v) => b.constant(new Array(fixed(shape[1])).fill(v), [fixed(shape[1])]));
      const affine = b.add({ op: 'BatchNormalization', epsilon: 0 }, [x, slope, offset, zero as string, one as string]);
      return f.add(f.mul(dy, f.channels(gain, shape.length)), affine);
    };
    return [wanted[0] ? dx() : undefined, wanted[1] ? dscale : undefined, wanted[2] ? total : undefined];
  },
};

/** Number of elements of `x` along `axes`, as a value where it depends on the batch. */
const countOf = (b: Builder, f: Formulas, x: string, axes: readonly number[]): string => {
  const shape = b.shape(x);
  const constant = axes.reduce((total, axis) => {
    const dim = shape[axis] as Dim;
    return total * (typeof dim === 'number' ? dim : dim.times);
  }, 1);
  const free = axes.filter((axis) => typeof shape[axis] !== 'number');
  if (free.length === 0) return b.constant([constant]);
  const batch = b.add({ op: 'Cast', to: 'float32' }, [
    f.slice(b.add({ op: 'Shape' }, [x]), [0], [free[0]!], [free[0]! + 1]),
  ]);
  return f.mul(f.div(f.reshape(batch, []), (shape[free[0]!] as { times: number }).times), constant);
};

/** Puts `gradient` back where Slice along one axis took it from: zeros elsewhere. */
const unslice = (
  b: Builder,
  f: Formulas,
  gradient: string,
  full: Shape,
  axis: number,
  start: number,
  step: number,
): string => {
  const size = fixed(full[axis]);
  const pad = (x: string, before: number, after: number): string => {
    const rank = b.shape(x).length;
    const pads = new Array<number>(rank * 2).fill(0);
    pads[axis] = before;
    pads[axis + rank] = after;
    return before === 0 && after === 0 ? x : b.add({ op: 'Pad', pads }, [x]);
  };
  const shape = b.shape(gradient);
  const count = fixed(shape[axis]);
  const stride = Math.abs(step);
  let spread = gradient;
  if (stride > 1) {
    // each element followed by stride - 1 zeros, the last ones dropped
    const wide = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
    const rank = wide.length;
    const pads = new Array<number>(rank * 2).fill(0);
    pads[axis + 1 + rank] = stride - 1;
    const padded = b.add({ op: 'Pad', pads }, [f.reshape(gradient, wide)]);
    const flat = shape.map((dim, i) => (i === axis ? count * stride : dim));
    spread = f.slice(f.reshape(padded, flat), [axis], [0], [(count - 1) * stride + 1]);
  }
  const length = (count - 1) * stride + 1;
  if (step < 0) {
    const reversed = f.slice(spread, [axis], [length - 1], [-1], [-1]);
    const first = start - length + 1;
    return pad(reversed, first, size - first - length);
  }
  return pad(spread, start, size - start - length);
};
