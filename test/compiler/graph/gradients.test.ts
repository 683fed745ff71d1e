// Every gradient rule against central finite differences of the operator itself, run by onnxruntime.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder } from '../../../src/compiler/graph/builder.ts';
import { differentiate } from '../../../src/compiler/graph/differentiate.ts';
import { BATCH, elements } from '../../../src/compiler/graph/dims.ts';
import { gradientRules } from '../../../src/compiler/graph/gradients.ts';
import type { Op, OpName, Shape } from '../../../src/compiler/graph/graph.ts';
import { loadGraph, wave } from '../../support/run-graph.ts';

interface Case {
  readonly op: Op;
  readonly shapes: readonly Shape[];
  /** Values of the inputs; a smooth wave by default. */
  readonly values?: readonly ((count: number) => Float32Array)[];
  /** Inputs to differentiate; all by default. */
  readonly by?: readonly number[];
}

const N = BATCH;
const batch = 2;
const map: Shape = [N, 4, 5, 6];
const positive = (count: number): Float32Array => wave(count, 3).map((v) => 1.2 + v);
/** Far enough from every kink that a finite difference does not cross it. */
const apart = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i * 7919) % count) - count / 2 + 0.5) * (8 / count));
const unary = (op: Op, values: (count: number) => Float32Array = wave): readonly Case[] => [
  { op, shapes: [map], values: [values] },
];
const binary = (op: Op, second: (count: number) => Float32Array = wave): readonly Case[] => [
  { op, shapes: [map, map], values: [positive, second] },
  { op, shapes: [map, [1, 4, 1, 1]], values: [positive, second] },
  { op, shapes: [[4, 1, 1], map], values: [positive, second] },
  { op, shapes: [map, []], values: [positive, second] },
];
const conv = (
  kernel: readonly [number, number],
  strides: readonly [number, number],
  pads: readonly [number, number, number, number],
  dilations: readonly [number, number] = [1, 1],
) => ({ kernel_shape: kernel, strides, pads, dilations });

const convolutions: readonly Case[] = [
  { op: { op: 'Conv', group: 1, ...conv([3, 3], [1, 1], [1, 1, 1, 1]) }, shapes: [[N, 3, 5, 6], [4, 3, 3, 3], [4]] },
  {
    op: { op: 'Conv', group: 1, ...conv([1, 1], [1, 1], [0, 0, 0, 0]) },
    shapes: [
      [N, 3, 5, 6],
      [4, 3, 1, 1],
    ],
  },
  {
    op: { op: 'Conv', group: 1, ...conv([1, 1], [2, 2], [0, 0, 0, 0]) },
    shapes: [
      [N, 3, 6, 5],
      [4, 3, 1, 1],
    ],
  },
  {
    op: { op: 'Conv', group: 1, ...conv([3, 3], [2, 2], [0, 0, 1, 1]) },
    shapes: [
      [N, 2, 8, 8],
      [3, 2, 3, 3],
    ],
  },
  {
    op: { op: 'Conv', group: 1, ...conv([3, 2], [2, 3], [1, 0, 1, 1]) },
    shapes: [
      [N, 40, 7, 8],
      [3, 40, 3, 2],
    ],
  },
  {
    op: { op: 'Conv', group: 1, ...conv([3, 3], [1, 1], [2, 2, 2, 2], [2, 2]) },
    shapes: [
      [N, 2, 6, 6],
      [3, 2, 3, 3],
    ],
  },
  // more channels than the gathered form takes: small maps (channels last) and large ones (channel-major)
  {
    op: { op: 'Conv', group: 1, ...conv([3, 3], [1, 1], [1, 1, 1, 1]) },
    shapes: [
      [N, 33, 4, 4],
      [2, 33, 3, 3],
    ],
  },
  {
    op: { op: 'Conv', group: 1, ...conv([3, 3], [1, 1], [1, 1, 1, 1]) },
    shapes: [
      [N, 33, 9, 9],
      [2, 33, 3, 3],
    ],
  },
  {
    op: { op: 'Conv', group: 2, ...conv([3, 3], [1, 1], [1, 1, 1, 1]) },
    shapes: [
      [N, 4, 5, 5],
      [6, 2, 3, 3],
    ],
  },
  {
    op: { op: 'Conv', group: 4, ...conv([3, 3], [1, 1], [1, 1, 1, 1]) },
    shapes: [
      [N, 4, 5, 5],
      [4, 1, 3, 3],
    ],
  },
  { op: { op: 'Conv', group: 3, ...conv([3, 3], [2, 2], [0, 1, 1, 0]) }, shapes: [[N, 3, 6, 7], [6, 1, 3, 3], [6]] },
];

/** At least one case an operator, or a reason why no gradient flows. */
const cases: { readonly [K in OpName]: readonly Case[] | string } = {
  Add: binary({ op: 'Add' }),
  Sub: binary({ op: 'Sub' }),
  Mul: binary({ op: 'Mul' }),
  Div: binary({ op: 'Div' }, positive),
  Pow: [
    { op: { op: 'Pow' }, shapes: [map, []], values: [positive, () => Float32Array.of(2.5)] },
    { op: { op: 'Pow' }, shapes: [[], map], values: [() => Float32Array.of(1.7), wave] },
  ],
  Max: [{ op: { op: 'Max' }, shapes: [map, [1, 4, 1, 1]], values: [apart, (n) => new Float32Array(n)] }],
  Min: [{ op: { op: 'Min' }, shapes: [map, [1, 4, 1, 1]], values: [apart, (n) => new Float32Array(n)] }],
  Neg: unary({ op: 'Neg' }),
  Abs: unary({ op: 'Abs' }, apart),
  Sign: 'a step function: zero almost everywhere',
  Exp: unary({ op: 'Exp' }),
  Log: unary({ op: 'Log' }, positive),
  Sqrt: unary({ op: 'Sqrt' }, positive),
  Reciprocal: unary({ op: 'Reciprocal' }, positive),
  Erf: unary({ op: 'Erf' }),
  Relu: unary({ op: 'Relu' }, apart),
  Sigmoid: unary({ op: 'Sigmoid' }),
  Tanh: unary({ op: 'Tanh' }),
  Softplus: unary({ op: 'Softplus' }),
  Softsign: unary({ op: 'Softsign' }, apart),
  HardSwish: unary({ op: 'HardSwish' }, (n) => apart(n).map((v) => v * 1.2)),
  Mish: unary({ op: 'Mish' }),
  LeakyRelu: unary({ op: 'LeakyRelu', alpha: 0.2 }, apart),
  Elu: unary({ op: 'Elu', alpha: 1.3 }, apart),
  Selu: unary({ op: 'Selu', alpha: 1.67, gamma: 1.05 }, apart),
  HardSigmoid: unary({ op: 'HardSigmoid', alpha: 1 / 6, beta: 0.5 }, apart),
  Clip: unary({ op: 'Clip', min: -1, max: 2 }, apart),
  Greater: 'a condition',
  Less: 'a condition',
  Equal: 'a condition',
  And: 'a condition',
  Where: 'checked by its own test: its condition is no float',
  Cast: 'numbers to numbers of another kind',
  Identity: unary({ op: 'Identity' }),
  Gemm: [false, true].flatMap((transA) =>
    [false, true].map(
      (transB): Case => ({
        op: { op: 'Gemm', transA, transB },
        shapes: [transA ? [5, N] : [N, 5], transB ? [4, 5] : [5, 4], [4]],
      }),
    ),
  ),
  MatMul: [
    {
      op: { op: 'MatMul' },
      shapes: [
        [N, 3, 5],
        [N, 5, 4],
      ],
    },
  ],
  Conv: convolutions,
  ConvTranspose: [
    {
      op: { op: 'ConvTranspose', group: 1, output_padding: [1, 0], ...conv([3, 3], [2, 2], [1, 1, 1, 1]) },
      shapes: [
        [N, 3, 4, 4],
        [3, 2, 3, 3],
      ],
    },
  ],
  MaxPool: [
    {
      op: { op: 'MaxPool', kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] },
      shapes: [[N, 2, 6, 6]],
      values: [apart],
    },
    {
      op: { op: 'MaxPool', kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] },
      shapes: [[N, 2, 7, 5]],
      values: [apart],
    },
    {
      op: { op: 'MaxPool', kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] },
      shapes: [[N, 2, 8, 6]],
      values: [apart],
    },
    {
      op: { op: 'MaxPool', kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] },
      shapes: [[N, 2, 5, 5]],
      values: [apart],
    },
  ],
  AveragePool: [
    { op: { op: 'AveragePool', kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }, shapes: [[N, 3, 7, 6]] },
    { op: { op: 'AveragePool', kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }, shapes: [[N, 3, 5, 5]] },
    { op: { op: 'AveragePool', kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] }, shapes: [[N, 3, 6, 6]] },
  ],
  GlobalAveragePool: unary({ op: 'GlobalAveragePool' }),
  ReduceSum: [
    { op: { op: 'ReduceSum', axes: [0, 2, 3], keepdims: false }, shapes: [map] },
    { op: { op: 'ReduceSum', axes: [1], keepdims: true }, shapes: [map] },
  ],
  ReduceMean: [
    { op: { op: 'ReduceMean', axes: [0, 2], keepdims: false }, shapes: [map] },
    { op: { op: 'ReduceMean', axes: [1, 3], keepdims: true }, shapes: [map] },
  ],
  ReduceMax: [
    { op: { op: 'ReduceMax', axes: [2, 3], keepdims: false }, shapes: [map], values: [apart] },
    { op: { op: 'ReduceMax', axes: [1], keepdims: true }, shapes: [map], values: [apart] },
  ],
  Softmax: [{ op: { op: 'Softmax', axis: 1 }, shapes: [[N, 5]] }],
  LogSoftmax: [{ op: { op: 'LogSoftmax', axis: 1 }, shapes: [[N, 5]] }],
  ArgMax: 'an index',
  Reshape: [{ op: { op: 'Reshape', shape: [{ times: 4 }, 30] }, shapes: [map] }],
  Transpose: [{ op: { op: 'Transpose', perm: [1, 3, 0, 2] }, shapes: [map] }],
  Concat: [{ op: { op: 'Concat', axis: 1 }, shapes: [map, [N, 2, 5, 6], map] }],
  Slice: [
    { op: { op: 'Slice', axes: [1, 2], starts: [1, 0], ends: [3, 4], steps: [1, 1] }, shapes: [map] },
    { op: { op: 'Slice', axes: [2, 3], starts: [0, 1], ends: [5, 6], steps: [2, 3] }, shapes: [map] },
    { op: { op: 'Slice', axes: [3], starts: [4], ends: [-1], steps: [-2] }, shapes: [map] },
  ],
  Pad: [{ op: { op: 'Pad', pads: [0, 0, 1, 2, 0, 0, 0, 3] }, shapes: [map] }],
  Expand: 'checked by its own test: its sizes are no float',
  Shape: 'sizes',
  ConstantOfShape: 'a constant',
  ScatterElements: 'an operator of gradients only: indices are no float',
  MaxUnpool: 'an operator of gradients only: indices are no float',
  BatchNormalization: [
    {
      op: { op: 'BatchNormalization', epsilon: 1e-2 },
      shapes: [map, [4], [4], [4], [4]],
      values: [wave, wave, wave, wave, positive],
    },
  ],
  BatchNormalizationTraining: [
    {
      op: { op: 'BatchNormalizationTraining', epsilon: 1e-2 },
      shapes: [map, [4], [4]],
      values: [(n) => wave(n, 0, 2), positive, wave],
    },
    {
      op: { op: 'BatchNormalizationTraining', epsilon: 1e-2 },
      shapes: [[N, 3], [3], [3]],
      values: [(n) => wave(n, 0, 2), positive, wave],
    },
  ],
};

const gradients = suite('gradient rules against finite differences');

gradients('there is a rule and a case for every operator', () => {
  assert.equal(Object.keys(cases).sort(), Object.keys(gradientRules).sort());
  for (const [op, entry] of Object.entries(cases)) assert.ok(entry.length > 0, op);
});

const STEP = 1e-2;

for (const [name, entry] of Object.entries(cases)) {
  if (typeof entry === 'string') continue;
  for (const [index, { op, shapes, values = [], by = shapes.map((_, i) => i) }] of entry.entries()) {
    gradients(`${name} ${index + 1}: ${shapes.map((shape) => JSON.stringify(shape)).join(' ')}`, async () => {
      const b = createBuilder();
      const inputs = shapes.map((shape, i) => b.input(`x${i}`, 'float32', shape));
      const y = b.add(op, inputs);
      const weights = b.input('r', 'float32', b.shape(y));
      const axes = [...b.shape(y).keys()];
      const loss = b.add({ op: 'ReduceSum', axes, keepdims: false }, [b.add({ op: 'Mul' }, [y, weights])]);
      const wanted = by.map((i) => inputs[i] as string);
      const found = differentiate(b, loss, wanted);
      const outputs = wanted.map((input) => b.named(found.get(input) as string, `d${input}`));
      const graph = b.finish([b.named(y, 'y'), ...outputs], 'case');
      const feeds: Record<string, Float32Array> = { r: wave(elements(b.shape(y), batch), 7) };
      for (const [i, shape] of shapes.entries()) {
        const count = elements(shape, batch);
        feeds[`x${i}`] = (values[i] ?? ((n: number) => wave(n, i)))(count);
      }
      const { run, close } = await loadGraph(graph, batch);
      const results = await run(feeds);
      const objective = async (input: string, at: number, delta: number): Promise<number> => {
        const moved = Float32Array.from(feeds[input] as Float32Array);
        moved[at] = moved[at]! + delta;
        const out = (await run({ ...feeds, [input]: moved })).y as Float32Array;
        return out.reduce((sum, value, i) => sum + value * feeds.r![i]!, 0);
      };
      for (const input of wanted) {
        const analytic = results[`d${input}`] as Float32Array;
        assert.is(analytic.length, feeds[input]!.length);
        const scale = Math.max(1, ...analytic.map(Math.abs));
        const stride = Math.max(1, Math.floor(analytic.length / 25));
        for (let at = 0; at < analytic.length; at += stride) {
          const numeric = ((await objective(input, at, STEP)) - (await objective(input, at, -STEP))) / (2 * STEP);
          const off = Math.abs(numeric - analytic[at]!);
          assert.ok(off < 4e-3 * scale, `d${input}[${at}]: rule ${analytic[at]}, finite difference ${numeric}`);
        }
      }
      await close();
    });
  }
}

gradients('Where sends the gradient to the side that was taken', async () => {
  const b = createBuilder();
  const [x, y] = [b.input('x', 'float32', [4]), b.input('y', 'float32', [4])];
  const picked = b.add({ op: 'Where' }, [b.add({ op: 'Greater' }, [x, y]), b.add({ op: 'Mul' }, [x, x]), y]);
  const loss = b.add({ op: 'ReduceSum', axes: [0], keepdims: false }, [picked]);
  const found = differentiate(b, loss, [x, y]);
  const graph = b.finish([b.named(found.get(x) as string, 'dx'), b.named(found.get(y) as string, 'dy')], 'where');
  const { run, close } = await loadGraph(graph, 1);
  const result = await run({ x: Float32Array.of(3, 1, -2, 5), y: Float32Array.of(1, 2, 0, 4) });
  assert.equal([...result.dx!], [6, 0, 0, 10]);
  assert.equal([...result.dy!], [0, 1, 1, 0]);
  await close();
});

gradients('Expand sums over what it repeated, the batch included', async () => {
  const b = createBuilder();
  const [x, like] = [b.input('x', 'float32', [1, 2]), b.input('like', 'float32', [N, 2])];
  const wide = b.add({ op: 'Expand', shape: [N, 2] }, [x, b.add({ op: 'Shape' }, [like])]);
  const loss = b.add({ op: 'ReduceSum', axes: [0, 1], keepdims: false }, [b.add({ op: 'Mul' }, [wide, like])]);
  const graph = b.finish([b.named(differentiate(b, loss, [x]).get(x) as string, 'dx')], 'expand');
  const { run, close } = await loadGraph(graph, 3);
  assert.equal([...(await run({ x: Float32Array.of(1, 2), like: Float32Array.of(1, 2, 3, 4, 5, 6) })).dx!], [9, 12]);
  await close();
});

gradients('equal maxima: pooling feeds the first of the window, as TensorFlow does', async () => {
  for (const strides of [
    [2, 2],
    [1, 1],
  ] as const) {
    const b = createBuilder();
    const x = b.input('x', 'float32', [N, 1, 2, 2]);
    const y = b.add({ op: 'MaxPool', kernel_shape: [2, 2], strides, pads: [0, 0, 0, 0] }, [x]);
    const loss = b.add({ op: 'ReduceSum', axes: [0, 1, 2, 3], keepdims: false }, [y]);
    const graph = b.finish([b.named(differentiate(b, loss, [x]).get(x) as string, 'dx')], 'ties');
    const { run, close } = await loadGraph(graph, 1);
    assert.equal([...(await run({ x: Float32Array.of(1, 1, 1, 1) })).dx!], [1, 0, 0, 0]);
    await close();
  }
});

gradients('nothing is computed below the values asked for', () => {
  const b = createBuilder();
  const x = b.input('x', 'float32', [N, 4]);
  const frozen = b.input('frozen', 'float32', [4, 4]);
  const trained = b.input('trained', 'float32', [4, 4]);
  const gemm = (a: string, w: string): string => b.add({ op: 'Gemm', transA: false, transB: false }, [a, w]);
  const loss = b.add({ op: 'ReduceSum', axes: [0, 1], keepdims: false }, [gemm(gemm(x, frozen), trained)]);
  const before = b.nodes.length;
  differentiate(b, loss, [trained]);
  const added = b.nodes.slice(before);
  assert.is(added.filter((node) => node.op.op === 'Gemm').length, 1);
});

gradients.run();
