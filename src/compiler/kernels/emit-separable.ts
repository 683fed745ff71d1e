// Verb: the loops of programs whose map keeps rows and columns apart (resize, shift, zoom, crop, flip).
import { type Expression, plus, times } from './expression.ts';
import {
  affineRows,
  declareTaps,
  type Emitted,
  indent,
  interpolate,
  isFixed,
  isIdentity,
  type Sampler,
  sampleAxis,
  store,
} from './sampler.ts';
import type { Axis } from './taps.ts';

/** Input coordinate = scale * output pixel + offset on one axis of a separable map. */
const axisMap = (sampler: Sampler, axis: 0 | 1): readonly [Expression, Expression] => {
  const [a, , c] = affineRows(sampler)[axis]!;
  return axis === 0 ? [a!, c!] : [affineRows(sampler)[1]![1]!, c!];
};

/** The table of one axis: its arrays, and the loop that fills them. */
const tableOf = (sampler: Sampler, axis: Axis, which: 0 | 1): { readonly once: string[]; readonly fill: string[] } => {
  const { program, composition, width } = sampler;
  const { output } = program;
  const { channels } = program.source;
  const linear = program.interpolation === 'bilinear';
  const constant = composition.fill.mode === 'constant';
  const fixed = isFixed(composition);
  const [count, stride, name] = which === 0 ? [output.width, channels, 'x'] : [output.height, width * channels, 'y'];
  const [scale, offset] = axisMap(sampler, which);
  const from = which === 0 ? width : sampler.height;
  // Integers keep halves exact where nearest pixels of a plain resize are chosen.
  const coordinate =
    fixed && isIdentity(composition)
      ? `((2 * i + 1) * ${from}) / ${2 * count} - 0.5`
      : `${plus(times(scale, 'i'), offset)}`;
  return {
    once: [
      `const ${name}First = new Int32Array(${count});`,
      ...(linear
        ? [`const ${name}Second = new Int32Array(${count});`, `const ${name}Weight = new Float64Array(${count});`]
        : []),
      ...(constant ? [`const ${name}Cover = new Float64Array(${count});`] : []),
    ],
    fill: [
      `for (let i = 0; i < ${count}; i++) {`,
      ...indent(
        [
          `let ${axis.s} = ${coordinate};`,
          declareTaps(sampler, axis),
          ...sampleAxis(sampler, axis),
          `${name}First[i] = ${times(axis.first, stride)};`,
          ...(linear
            ? [`${name}Second[i] = ${times(axis.second, stride)};`, `${name}Weight[i] = ${axis.weight};`]
            : []),
          ...(constant ? [`${name}Cover[i] = ${axis.cover};`] : []),
        ],
        '  ',
      ),
      '}',
    ],
  };
};

/** Tables of taps for each axis, filled once where nothing is random, else once a sample. */
export const emitSeparable = (sampler: Sampler): Emitted => {
  const { program, composition } = sampler;
  const { output } = program;
  const linear = program.interpolation === 'bilinear';
  const constant = composition.fill.mode === 'constant';
  const fixed = isFixed(composition);
  const x = tableOf(sampler, sampler.x, 0);
  const y = tableOf(sampler, sampler.y, 1);
  const fills = [...x.fill, ...y.fill];
  const corners = linear
    ? [
        'const x0 = xFirst[x], x1 = xSecond[x], fx = xWeight[x];',
        'const p00 = y0 + x0, p10 = y0 + x1, p01 = y1 + x0, p11 = y1 + x1;',
      ]
    : ['const p00 = y0 + xFirst[x];'];
  return {
    once: [...x.once, ...y.once, ...(fixed ? fills : [])],
    each: [
      ...(fixed ? [] : fills),
      `for (let y = 0; y < ${output.height}; y++) {`,
      `  const y0 = yFirst[y]${linear ? ', y1 = ySecond[y], fy = yWeight[y]' : ''};`,
      `  for (let x = 0; x < ${output.width}; x++) {`,
      ...indent(
        [
          ...corners,
          ...(constant ? ['const cover = xCover[x] * yCover[y];'] : []),
          ...interpolate(sampler, true),
          ...store(sampler),
        ],
        '    ',
      ),
      '  }',
      '}',
    ],
  };
};
