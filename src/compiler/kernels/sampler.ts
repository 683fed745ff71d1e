// Noun: a program made ready for its loops, and the lines that all forms of the loops share.
import { type Composition, colourOf, compose } from './compose.ts';
import { type Expression, plus, times } from './expression.ts';
import type { PreprocessProgram } from './preprocess.ts';
import { type Axis, bilinearTaps, nearestTaps } from './taps.ts';

/** What the loops need to know. */
export interface Sampler {
  readonly program: PreprocessProgram;
  readonly composition: Composition;
  /** Name of the array that is sampled. */
  readonly pixels: string;
  /** Size of what is sampled: the source, or the output where an antialiased resize precedes. */
  readonly height: number;
  readonly width: number;
  readonly x: Axis;
  readonly y: Axis;
}

/** Declarations made once, statements run once a sample. */
export interface Emitted {
  readonly once: readonly string[];
  readonly each: readonly string[];
}

/** True where an antialiased resize runs before the sampling pass. */
export const resizesFirst = ({ source, output, antialias, interpolation }: PreprocessProgram): boolean =>
  antialias && interpolation === 'bilinear' && (source.height > output.height || source.width > output.width);

const axis = (name: 'x' | 'y', n: number, output: number): Axis => ({
  s: `s${name}`,
  first: `${name}0`,
  second: `${name}1`,
  weight: `f${name}`,
  cover: `cover${name.toUpperCase()}`,
  n,
  magnification: output / n,
  inset: Math.max(0, (n / output - 1) / 2),
});

/** Composes a program and decides what is sampled. */
export const samplerOf = (program: PreprocessProgram): Sampler => {
  const first = resizesFirst(program);
  const { height, width } = first ? program.output : program.source;
  return {
    program,
    composition: compose(program),
    pixels: first ? 'resized' : 'pixels',
    height,
    width,
    x: axis('x', width, program.output.width),
    y: axis('y', height, program.output.height),
  };
};

export const indent = (lines: readonly string[], by: string): string[] =>
  lines.map((line) => (line === '' ? line : `${by}${line}`));

/** Writes the output channels of one pixel at `at` and moves `at` to the next pixel. */
export const store = ({ program, composition }: Sampler): readonly string[] => {
  const { height, width, channels } = program.output;
  const [plane, next] = program.layout === 'nchw' ? [height * width, 1] : [1, channels];
  const writes = program.order.map(
    (_, c) => `into[${c === 0 ? 'at' : `at + ${c * plane}`}] = ${colourOf(composition, c)};`,
  );
  return [...writes, next === 1 ? 'at++;' : `at += ${next};`];
};

/** Lines for each source channel: `#` stands for its number, `value` is given the text that adds it to an index. */
export const perChannel = (sampler: Sampler, value: (offset: string) => readonly string[]): readonly string[] =>
  Array.from({ length: sampler.program.source.channels }, (_, c) => {
    return value(c === 0 ? '' : ` + ${c}`).map((line) => line.replaceAll('#', `${c}`));
  }).flat();

/** The map from output pixel to input pixel, both counted from the first pixel: rows [x, y, 1]. */
export const affineRows = ({ program, composition, height, width }: Sampler): readonly (readonly Expression[])[] => {
  const { output } = program;
  const centre = [(output.width - 1) / 2, (output.height - 1) / 2] as const;
  const size = [width, height] as const;
  const ratio = [width / output.width, height / output.height] as const;
  return composition.geometry.map(([a, b, c], axis) => {
    const x = times(a!, ratio[axis]!);
    const y = times(b!, ratio[axis]!);
    const still = plus(plus((size[axis]! - 1) / 2, times(x, -centre[0])), times(y, -centre[1]));
    return [x, y, plus(times(c!, ratio[axis]!), still)];
  });
};

const covered = (sampler: Sampler, value: string): string => {
  const { fill } = sampler.composition;
  if (fill.mode !== 'constant') return value;
  return `${plus(fill.value, times(plus(value, -fill.value), 'cover'))}`;
};

/** Statements from the coordinate on an axis to its taps. */
export const sampleAxis = ({ program, composition }: Sampler, axis: Axis): readonly string[] =>
  (program.interpolation === 'bilinear' ? bilinearTaps : nearestTaps)(composition.fill.mode, axis);

/** Declares what `sampleAxis` assigns. */
export const declareTaps = (sampler: Sampler, axis: Axis): string => {
  const names = [axis.first];
  if (sampler.program.interpolation === 'bilinear') names.push(axis.second, axis.weight);
  if (sampler.composition.fill.mode === 'constant') names.push(axis.cover);
  return `let ${names.join(', ')};`;
};

/** Values of all channels from the four corners `p00`, `p10`, `p01`, `p11` and weights `fx`, `fy` (or from `p00`). */
export const interpolate = (sampler: Sampler, atBorder: boolean): readonly string[] => {
  const { pixels } = sampler;
  const cover = (value: string): string => (atBorder ? covered(sampler, value) : value);
  if (sampler.program.interpolation === 'nearest')
    return perChannel(sampler, (o) => [`const v# = ${cover(`${pixels}[p00${o}]`)};`]);
  return perChannel(sampler, (o) => [
    `const a# = ${pixels}[p00${o}], b# = ${pixels}[p01${o}];`,
    `const t# = a# + (${pixels}[p10${o}] - a#) * fx;`,
    atBorder && sampler.composition.fill.mode === 'constant'
      ? `const w# = t# + (b# + (${pixels}[p11${o}] - b#) * fx - t#) * fy;\nconst v# = ${cover('w#')};`
      : `const v# = t# + (b# + (${pixels}[p11${o}] - b#) * fx - t#) * fy;`,
  ]).flatMap((line) => line.split('\n'));
};

/** True where the geometry is the same for every sample. */
export const isFixed = (composition: Composition): boolean =>
  composition.geometry.every((row) => row.every((value) => typeof value === 'number'));

/** True where no step moves a pixel. */
export const isIdentity = ({ geometry }: Composition): boolean =>
  geometry.every((row, y) => row.every((value, x) => value === (x === y ? 1 : 0)));
