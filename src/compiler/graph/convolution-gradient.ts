// Gradients of convolutions as standard operators, in the forms that were fastest in onnxruntime (ARCHITECTURE.md, measurements).
import type { Builder, Formulas } from './builder.ts';
import { BATCH, fixed, product } from './dims.ts';
import type { GradientRule } from './gradient-rule.ts';
import type { Dim, OpOf, Shape } from './graph.ts';

type Convolution = OpOf<'Conv'>;

/** Feature maps of at most this many rows use channels-last slices: there the weights, not the maps, are large. */
const CHANNELS_LAST_ROWS = 8;

/** dX, dW and dB of Y = Conv(X, W, B). Forms: docs/facts/onnx.md, "Convolutions"; checked against finite differences. */
export const convolutionGradient: GradientRule<'Conv'> = ({ b, f, op, inputs, dy, wanted }) => {
  const [x, w] = inputs as [string, string];
  return [
    wanted[0] ? inputGradient(b, f, op, b.shape(x), w, dy) : undefined,
    wanted[1] ? weightGradient(b, f, op, x, b.shape(w), dy) : undefined,
    wanted[2] ? f.sum(dy, [0, 2, 3]) : undefined,
  ];
};

/** ConvTranspose(X, W) is the input gradient of a Conv with the same W: dX is that Conv, dW that Conv's weight gradient. */
export const transposedConvolutionGradient: GradientRule<'ConvTranspose'> = ({ b, f, op, inputs, dy, wanted }) => {
  const [x, w] = inputs as [string, string];
  const { output_padding: _, ...rest } = op;
  const conv: Convolution = { ...rest, op: 'Conv' };
  return [
    wanted[0] ? b.add(conv, [dy, w]) : undefined,
    wanted[1] ? weightGradient(b, f, conv, dy, b.shape(w), x) : undefined,
    wanted[2] ? f.sum(dy, [0, 2, 3]) : undefined,
  ];
};

const inputGradient = (b: Builder, f: Formulas, op: Convolution, xShape: Shape, w: string, dy: string): string => {
  const [height, width] = op.kernel_shape;
  const [top, left, bottom, right] = op.pads;
  const reach = [(height - 1) * op.dilations[0], (width - 1) * op.dilations[1]] as const;
  const inside = top <= reach[0] && bottom <= reach[0] && left <= reach[1] && right <= reach[1];
  if (op.group === 1 && op.strides[0] === 1 && op.strides[1] === 1 && inside) {
    // stride 1: a plain convolution of dY with the kernel turned by 180 degrees and its channels swapped
    const swapped = f.transpose(w, [1, 0, 2, 3]);
    const axes = [2, 3].filter((axis) => op.kernel_shape[axis - 2] !== 1);
    const turned =
      axes.length === 0
        ? swapped
        : f.slice(
            swapped,
            axes,
            axes.map((axis) => op.kernel_shape[axis - 2]! - 1),
            axes.map(() => -1),
            axes.map(() => -1),
          );
    const pads = [reach[0] - top, reach[1] - left, reach[0] - bottom, reach[1] - right] as const;
    return b.add({ ...op, pads }, [dy, turned]);
  }
  const leftover = (axis: 0 | 1): number => {
    const size = fixed(xShape[axis + 2]) + op.pads[axis] + op.pads[axis + 2]!;
    return (size - (reach[axis] + 1)) % op.strides[axis];
  };
  return b.add({ ...op, op: 'ConvTranspose', output_padding: [leftover(0), leftover(1)] }, [dy, w]);
};

/** dW[:, :, i, j] sums dY times the part of X that kernel position (i, j) saw. */
const weightGradient = (b: Builder, f: Formulas, op: Convolution, x: string, wShape: Shape, dy: string): string => {
  const [filters, depth] = [fixed(wShape[0]), fixed(wShape[1])];
  const channels = depth * op.group;
  if (op.group === channels && depth === 1) return depthwiseWeightGradient(b, f, op, x, filters, channels, dy);
  if (op.group === 1) return denseWeightGradient(b, f, op, x, wShape, dy);
  const parts = Array.from({ length: op.group }, (_, g) => {
    const [per, of] = [depth, filters / op.group];
    const xPart = f.slice(x, [1], [g * per], [(g + 1) * per]);
    const dyPart = f.slice(dy, [1], [g * of], [(g + 1) * of]);
    return denseWeightGradient(
      b,
      f,
      { ...op, group: 1 },
      xPart,
      [of, depth, wShape[2] as Dim, wShape[3] as Dim],
      dyPart,
    );
  });
  return f.concat(parts, 0);
};

const padded = (b: Builder, op: Convolution, x: string): string => {
  const [top, left, bottom, right] = op.pads;
  return op.pads.every((pad) => pad === 0)
    ? x
    : b.add({ op: 'Pad', pads: [0, 0, top, left, 0, 0, bottom, right] }, [x]);
};

/** The window of the padded input that kernel position (i, j) sees; `rows` is the axis of the height. */
const seen = (
  b: Builder,
  f: Formulas,
  op: Convolution,
  x: string,
  rows: number,
  out: readonly [number, number],
  i: number,
  j: number,
): string => {
  const start = [i * op.dilations[0], j * op.dilations[1]] as const;
  const end = [start[0] + (out[0] - 1) * op.strides[0] + 1, start[1] + (out[1] - 1) * op.strides[1] + 1] as const;
  const cut = (value: string, axis: 0 | 1): string => {
    const whole = start[axis] === 0 && end[axis] === fixed(b.shape(value)[rows + axis]) && op.strides[axis] === 1;
    return whole ? value : f.slice(value, [rows + axis], [start[axis]], [end[axis]], [op.strides[axis]]);
  };
  // columns first: the passes share them among the kernel's rows, and whole rows are then copied at once
  return cut(cut(x, 1), 0);
};

const kernelPositions = ([height, width]: readonly [number, number]): readonly (readonly [number, number])[] =>
  Array.from({ length: height * width }, (_, index) => [Math.floor(index / width), index % width] as const);

/** Inputs with at most this many channels gather all kernel positions into one matrix: a product a position would be too thin. */
const GATHERED_DEPTH = 32;

/** dY (filters x pixels) times the gathered windows (pixels x positions x depth), an image at a time, summed over the batch. */
const gatheredWeightGradient = (
  b: Builder,
  f: Formulas,
  op: Convolution,
  x: string,
  wShape: Shape,
  dy: string,
): string => {
  const [filters, depth] = [fixed(wShape[0]), fixed(wShape[1])];
  const dyShape = b.shape(dy);
  const out = [fixed(dyShape[2]), fixed(dyShape[3])] as const;
  const pixels = out[0] * out[1];
  const maps = f.transpose(padded(b, op, x), [0, 2, 3, 1]);
  const positions = kernelPositions(op.kernel_shape);
  const windows = f.concat(
    positions.map(([i, j]) => seen(b, f, op, maps, 1, out, i, j)),
    3,
  );
  const rows = f.reshape(windows, [BATCH, pixels, positions.length * depth]);
  const each = b.add({ op: 'MatMul' }, [f.reshape(dy, [BATCH, filters, pixels]), rows]);
  // [filters, positions, depth]
  const total = f.reshape(f.sum(each, [0]), [filters, positions.length, depth]);
  return f.reshape(f.transpose(total, [0, 2, 1]), wShape);
};

/** One matrix product a kernel position, on channels-last maps where these are small, else on channel-major ones. */
const denseWeightGradient = (
  b: Builder,
  f: Formulas,
  op: Convolution,
  x: string,
  wShape: Shape,
  dy: string,
): string => {
  const [filters, depth] = [fixed(wShape[0]), fixed(wShape[1])];
  if (depth <= GATHERED_DEPTH && op.kernel_shape.some((size) => size > 1)) {
    return gatheredWeightGradient(b, f, op, x, wShape, dy);
  }
  const dyShape = b.shape(dy);
  const out = [fixed(dyShape[2]), fixed(dyShape[3])] as const;
  const channelsLast = out[0] <= CHANNELS_LAST_ROWS;
  const pixels = product([BATCH, out[0], out[1]]);
  const [perm, rows] = channelsLast ? ([[0, 2, 3, 1], 1] as const) : ([[1, 0, 2, 3], 2] as const);
  const maps = f.transpose(padded(b, op, x), perm);
  const slopes = f.reshape(f.transpose(dy, perm), channelsLast ? [pixels, filters] : [filters, pixels]);
  const parts = kernelPositions(op.kernel_shape).map(([i, j]) => {
    const window = seen(b, f, op, maps, rows, out, i, j);
    // [filters, depth] each
    return channelsLast
      ? b.add({ op: 'Gemm', transA: true, transB: false }, [slopes, f.reshape(window, [pixels, depth])])
      : b.add({ op: 'Gemm', transA: false, transB: true }, [slopes, f.reshape(window, [depth, pixels])]);
  });
  const positions = parts.length;
  if (positions === 1) return f.reshape(parts[0] as string, wShape);
  const stacked = f.reshape(f.concat(parts, 0), [positions, filters * depth]);
  return f.reshape(f.transpose(stacked, [1, 0]), wShape);
};

/** Filter m of channel c sees channel c only: elementwise products summed over batch and map. */
const depthwiseWeightGradient = (
  b: Builder,
  f: Formulas,
  op: Convolution,
  x: string,
  filters: number,
  channels: number,
  dy: string,
): string => {
  const dyShape = b.shape(dy);
  const out = [fixed(dyShape[2]), fixed(dyShape[3])] as const;
  const multiplier = filters / channels;
  const maps = padded(b, op, x);
  const slopes = multiplier === 1 ? dy : f.reshape(dy, [product([BATCH, channels]), multiplier, out[0], out[1]]);
  const parts = kernelPositions(op.kernel_shape).map(([i, j]) => {
    const window = seen(b, f, op, maps, 2, out, i, j);
    if (multiplier === 1) return f.sum(f.mul(slopes, window), [0, 2, 3]);
    const spread = f.mul(slopes, f.reshape(window, [product([BATCH, channels]), 1, out[0], out[1]]));
    return f.sum(f.reshape(spread, [BATCH, filters, out[0], out[1]]), [0, 2, 3]);
  });
  const stacked = f.reshape(f.concat(parts, 0), [parts.length, filters]);
  return f.reshape(f.transpose(stacked, [1, 0]), [filters, 1, ...op.kernel_shape]);
};
