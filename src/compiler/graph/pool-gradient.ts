// Gradients of pooling as standard operators.
import { fixed, product } from './dims.ts';
import type { GradientRule } from './gradient-rule.ts';

/** Each window's gradient goes to its first maximum. Windows that overlap add up (ScatterElements); others are put back (MaxUnpool). */
export const maxPoolGradient: GradientRule<'MaxPool'> = ({ b, f, op, inputs, outputs, dy }) => {
  const x = inputs[0] as string;
  const indices = outputs[1] as string;
  const shape = b.shape(x);
  const sizes = b.add({ op: 'Shape' }, [x]);
  const apart = op.kernel_shape.every((size, axis) => size <= op.strides[axis]!) && op.pads.every((pad) => pad === 0);
  const exact = op.kernel_shape.every((size, axis) => size === op.strides[axis] && fixed(shape[axis + 2]) % size === 0);
  if (apart && exact) return [b.add({ ...op, op: 'MaxUnpool', shape }, [dy, indices, sizes])];
  const zeros = b.add({ op: 'ConstantOfShape', shape }, [sizes]);
  const flat = [product(shape)];
  const pooled = [product(b.shape(dy))];
  const sum = b.add({ op: 'ScatterElements' }, [
    f.reshape(zeros, flat),
    f.reshape(indices, pooled),
    f.reshape(dy, pooled),
  ]);
  return [f.reshape(sum, shape)];
};

/** dY / (real pixels of the window) spread over the window: a transposed convolution with ones, one channel at a time. */
export const averagePoolGradient: GradientRule<'AveragePool'> = ({ b, f, op, inputs, dy }) => {
  const shape = b.shape(inputs[0] as string);
  const pooled = b.shape(dy);
  const channels = fixed(shape[1]);
  const [kernel, strides, pads] = [op.kernel_shape, op.strides, op.pads];
  /** Real pixels under window `index` along one axis. */
  const real = (axis: 0 | 1, index: number): number => {
    const start = index * strides[axis] - pads[axis];
    return Math.min(start + kernel[axis], fixed(shape[axis + 2])) - Math.max(start, 0);
  };
  const [rows, columns] = [fixed(pooled[2]), fixed(pooled[3])];
  const shares = Array.from(
    { length: rows * columns },
    (_, i) => 1 / (real(0, Math.floor(i / columns)) * real(1, i % columns)),
  );
  const ones = b.constant(new Array<number>(channels * kernel[0] * kernel[1]).fill(1), [channels, 1, ...kernel]);
  const leftover = (axis: 0 | 1): number =>
    (fixed(shape[axis + 2]) + pads[axis] + pads[axis + 2]! - kernel[axis]) % strides[axis];
  const attributes = { kernel_shape: kernel, strides, pads, dilations: [1, 1], group: channels } as const;
  return [
    b.add({ op: 'ConvTranspose', ...attributes, output_padding: [leftover(0), leftover(1)] }, [
      f.mul(dy, b.constant(shares, [1, 1, rows, columns])),
      ones,
    ]),
  ];
};
