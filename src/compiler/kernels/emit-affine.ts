// Verb: the loops of the general affine map (rotation, shear).
import { plus, times } from './expression.ts';
import {
  affineRows,
  declareTaps,
  type Emitted,
  indent,
  interpolate,
  type Sampler,
  sampleAxis,
  store,
} from './sampler.ts';
import type { Axis } from './taps.ts';

/** Positions of the taps of a pixel whose taps are all inside the image. */
const insideTaps = ({ program, width }: Sampler): readonly string[] => {
  const { channels } = program.source;
  const stride = width * channels;
  return program.interpolation === 'bilinear'
    ? [
        'const sx = ax * x + bx, sy = ay * x + by;',
        'const ix = sx | 0, iy = sy | 0;',
        'const fx = sx - ix, fy = sy - iy;',
        `const p00 = iy * ${stride} + ${times('ix', channels)};`,
        `const p10 = p00 + ${channels}, p01 = p00 + ${stride}, p11 = p01 + ${channels};`,
      ]
    : [`const p00 = ((ay * x + by) | 0) * ${stride} + ${times('((ax * x + bx) | 0)', channels)};`];
};

/** Positions of the taps of any pixel, by what stands outside the image. */
const borderTaps = (sampler: Sampler): readonly string[] => {
  const { program, width } = sampler;
  const { channels } = program.source;
  const stride = width * channels;
  const linear = program.interpolation === 'bilinear';
  const constant = sampler.composition.fill.mode === 'constant';
  return [
    `let sx = ax * x + bx${linear ? '' : ' - 0.5'}, sy = ay * x + by${linear ? '' : ' - 0.5'};`,
    declareTaps(sampler, sampler.x),
    ...sampleAxis(sampler, sampler.x),
    declareTaps(sampler, sampler.y),
    ...sampleAxis(sampler, sampler.y),
    ...(constant ? ['const cover = coverX * coverY;'] : []),
    linear
      ? `const r0 = y0 * ${stride}, r1 = y1 * ${stride}, c0 = ${times('x0', channels)}, c1 = ${times('x1', channels)};`
      : `const p00 = y0 * ${stride} + ${times('x0', channels)};`,
    ...(linear ? ['const p00 = r0 + c0, p10 = r0 + c1, p01 = r1 + c0, p11 = r1 + c1;'] : []),
  ];
};

/** Rows are cut where the four taps are all inside the image; only what is left of them asks for borders. */
export const emitAffine = (sampler: Sampler): Emitted => {
  const { program } = sampler;
  const { output } = program;
  const linear = program.interpolation === 'bilinear';
  const [rowX, rowY] = affineRows(sampler);
  // Nearest counts from pixel corners (s + 0.5), so that truncation picks the pixel.
  const shift = linear ? 0 : 0.5;
  const low = (axis: Axis): number => (linear && sampler.composition.fill.mode !== 'wrap' ? axis.inset : 0);
  const high = (axis: Axis): number => (linear ? axis.n - 1 - low(axis) : axis.n);
  const within = (value: string, axis: Axis): string => `${value} >= ${low(axis)} && ${value} < ${high(axis)}`;
  const inside = (x: string): string =>
    `${within(`ax * ${x} + bx`, sampler.x)} && ${within(`ay * ${x} + by`, sampler.y)}`;
  const bounds = (which: 'begin' | 'end'): string =>
    `${which}(ax, bx, ${low(sampler.x)}, ${high(sampler.x)}), ${which}(ay, by, ${low(sampler.y)}, ${high(sampler.y)})`;
  return {
    once: [
      '// First and last + 1 pixel x of a row with low <= a * x + b < high.',
      'const begin = (a, b, low, high) =>',
      '  a > 0 ? Math.ceil((low - b) / a) : a < 0 ? Math.floor((high - b) / a) + 1 : b >= low && b < high ? 0 : Infinity;',
      'const end = (a, b, low, high) =>',
      '  a > 0 ? Math.ceil((high - b) / a) : a < 0 ? Math.floor((low - b) / a) + 1 : b >= low && b < high ? Infinity : 0;',
    ],
    each: [
      `const ax = ${rowX![0]}, ay = ${rowY![0]};`,
      `const bxy = ${rowX![1]}, byy = ${rowY![1]};`,
      `const bx0 = ${plus(rowX![2]!, shift)}, by0 = ${plus(rowY![2]!, shift)};`,
      `for (let y = 0; y < ${output.height}; y++) {`,
      ...indent(
        [
          'const bx = bxy * y + bx0, by = byy * y + by0;',
          `let lo = Math.min(${output.width}, Math.max(0, ${bounds('begin')}));`,
          `let hi = Math.max(lo, Math.min(${output.width}, ${bounds('end')}));`,
          `while (lo < hi && !(${inside('lo')})) lo++;`,
          `while (lo < hi && !(${inside('(hi - 1)')})) hi--;`,
          'for (let x = 0; ; x++) {',
          '  if (x === lo) {',
          '    for (; x < hi; x++) {',
          ...indent([...insideTaps(sampler), ...interpolate(sampler, false), ...store(sampler)], '      '),
          '    }',
          '  }',
          `  if (x >= ${output.width}) break;`,
          ...indent([...borderTaps(sampler), ...interpolate(sampler, true), ...store(sampler)], '  '),
          '}',
        ],
        '  ',
      ),
      '}',
    ],
  };
};
