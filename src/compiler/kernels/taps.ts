// Verb: source text that samples one axis: from a coordinate to two taps and a weight, for each fill mode.
// A coordinate `s` counts source pixels, pixel centres are whole numbers; `n` is the size of the axis.
import type { FillMode } from '../plan/plan.ts';
import { times } from './expression.ts';

/** Names of one axis in the emitted code, and its size. */
export interface Axis {
  /** Holds the coordinate; is overwritten. */
  readonly s: string;
  /** Taps and weight: value = (1 - weight) * at first + weight * at second. */
  readonly first: string;
  readonly second: string;
  readonly weight: string;
  /** Share of the image in what is sampled, 1 inside (only for `constant`). */
  readonly cover: string;
  /** Size of the axis in the source. */
  readonly n: number;
  /** Output pixels for one source pixel on this axis: borders are as sharp as in the resized image. */
  readonly magnification: number;
  /** Coordinate of the first pixel of the resized image where it is smaller than the source, else 0. */
  readonly inset: number;
}

/** Folds `s` into [-0.5, n - 0.5): as reflect (d c b a | a b c d | d c b a), wrap (period n) say. */
const folded: { readonly [M in FillMode]: (axis: Axis) => readonly string[] } = {
  nearest: () => [],
  constant: () => [],
  reflect: ({ s, n }) => [
    `${s} += 0.5;`,
    `${s} -= Math.floor(${s} / ${2 * n}) * ${2 * n};`,
    `${s} = (${s} >= ${n} ? ${2 * n} - ${s} : ${s}) - 0.5;`,
  ],
  wrap: ({ s, n }) => [`${s} += 0.5;`, `${s} -= Math.floor(${s} / ${n}) * ${n} + 0.5;`],
};

const clampedTaps = ({ s, first, second, weight, n, inset }: Axis): readonly string[] => [
  `${s} = ${s} < ${inset} ? ${inset} : ${s} > ${n - 1 - inset} ? ${n - 1 - inset} : ${s};`,
  `${first} = ${s} | 0;`,
  `${second} = ${first} < ${n - 1} ? ${first} + 1 : ${first};`,
  `${weight} = ${s} - ${first};`,
];

/** Shrinking without antialias, the seam is one source pixel wide, not one output pixel. */
const wrappedTaps = ({ s, first, second, weight, n, magnification }: Axis): readonly string[] => [
  `${first} = Math.floor(${s});`,
  `${weight} = ${s} - ${first};`,
  `${second} = ${first} + 1;`,
  `if (${first} < 0 || ${second} === ${n}) {`,
  `  ${first} = ${n - 1};`,
  `  ${second} = 0;`,
  ...(magnification > 1 ? [`  ${weight} = Math.min(1, Math.max(0, (${weight} - 0.5) * ${magnification} + 0.5));`] : []),
  '}',
];

/** Statements that sample an axis linearly. */
export const bilinearTaps = (mode: FillMode, axis: Axis): readonly string[] => {
  const { s, cover, n, magnification: m } = axis;
  const covers =
    mode === 'constant'
      ? [`${cover} = Math.min(1, Math.max(0, 0.5 + ${times(m, `Math.min(${s} + 0.5, ${n - 0.5} - ${s})`)}));`]
      : [];
  return [...covers, ...folded[mode](axis), ...(mode === 'wrap' ? wrappedTaps(axis) : clampedTaps(axis))];
};

/** Statements that sample an axis at its nearest pixel (halves go up, as Keras): `first` only. */
export const nearestTaps = (mode: FillMode, axis: Axis): readonly string[] => {
  const { s, first, cover, n } = axis;
  const covers = mode === 'constant' ? [`${cover} = ${s} >= -0.5 && ${s} < ${n - 0.5} ? 1 : 0;`] : [];
  return [
    ...covers,
    ...folded[mode](axis),
    `${first} = Math.floor(${s} + 0.5);`,
    `${first} = ${first} < 0 ? 0 : ${first} > ${n - 1} ? ${n - 1} : ${first};`,
  ];
};
