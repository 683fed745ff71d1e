// Verb: arithmetic of a window that moves along one axis: what it spans, how it is padded, how often it fits.

/** Pixels that a dilated window spans: (kernel - 1) * dilation + 1. */
export const reachOf = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** Positions of the window: floor((size - reach) / stride) + 1, `size` with its padding. Not above 0 where it does not fit. */
export const windowCount = (size: number, reach: number, stride: number): number =>
  Math.floor((size - reach) / stride) + 1;

/** Positions under padding 'same': ceil(size / stride). */
export const sameCount = (size: number, stride: number): number => Math.ceil(size / stride);

/** Pixels in front and behind that 'same' adds along an axis; the odd one goes behind (TensorFlow's rule). */
export const samePadding = (size: number, reach: number, stride: number): readonly [number, number] => {
  const total = Math.max((sameCount(size, stride) - 1) * stride + reach - size, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
};
