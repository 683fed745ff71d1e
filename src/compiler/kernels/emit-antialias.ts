// Verb: source text of the antialiased resize that precedes sampling where an axis shrinks (triangle filter, widened).

/** What is resized: sizes in pixels, `channels` values a pixel. */
export interface ResizeShape {
  readonly from: { readonly height: number; readonly width: number };
  readonly to: { readonly height: number; readonly width: number };
  readonly channels: number;
}

/**
 * Declarations of `resized` (Float32Array, to.height x to.width x channels) and of `resize(pixels)` that fills it.
 * Weight of source pixel j in output pixel i: max(0, 1 - |j - s| / k), s = (i + 0.5) * from / to - 0.5,
 * k = max(1, from / to), divided by their sum: Keras and PIL with antialias.
 */
export const emitAntialias = ({ from, to, channels }: ResizeShape): string => `
const taps = (from, to) => {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const s = (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(s - reach)), last = Math.min(from - 1, Math.floor(s + reach));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, j) => Math.max(0, 1 - Math.abs(first + j - s) / reach));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((w) => w / sum) };
  });
};
const columns = taps(${from.width}, ${to.width});
const rows = taps(${from.height}, ${to.height});
const narrow = new Float32Array(${from.height * to.width * channels});
const resized = new Float32Array(${to.height * to.width * channels});
const resize = (pixels) => {
  for (let y = 0, at = 0; y < ${from.height}; y++) {
    for (let x = 0; x < ${to.width}; x++) {
      const { first, weights } = columns[x];
      for (let c = 0; c < ${channels}; c++, at++) {
        let sum = 0;
        for (let j = 0, p = (y * ${from.width} + first) * ${channels} + c; j < weights.length; j++, p += ${channels}) sum += weights[j] * pixels[p];
        narrow[at] = sum;
      }
    }
  }
  resized.fill(0);
  for (let y = 0; y < ${to.height}; y++) {
    const { first, weights } = rows[y];
    const row = y * ${to.width * channels};
    for (let j = 0; j < weights.length; j++) {
      const w = weights[j], p = (first + j) * ${to.width * channels};
      for (let x = 0; x < ${to.width * channels}; x++) resized[row + x] += w * narrow[p + x];
    }
  }
};
`;
