// Verb: a preprocess program to the source of one fused function, specialised to the program.
// Four forms, the cheapest that fits: a copy loop, a flipped copy, separable taps, and the general affine map.
import { type Composition, colourOf, compose, isGeometric } from './compose.ts';
import { emitAntialias } from './emit-antialias.ts';
import { type Expression, plus, times } from './expression.ts';
import type { PreprocessProgram } from './preprocess.ts';
import { type Axis, bilinearTaps, nearestTaps } from './sampling.ts';

/** What the loops need to know. */
interface Sampler {
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

/** The form of the loops, by what the composed geometry can be. */
type Form = 'copy' | 'flip' | 'separable' | 'affine';

/** Declarations made once, statements run once a sample. */
interface Emitted {
  readonly once: readonly string[];
  readonly each: readonly string[];
}

const indent = (lines: readonly string[], by: string): string[] =>
  lines.map((line) => (line === '' ? line : `${by}${line}`));

/** A Float32Array write for each output channel; `pixel` is the index of the output pixel in its plane. */
const store = ({ program, composition }: Sampler): readonly string[] => {
  const { height, width, channels } = program.output;
  return program.order
    .map((_, c) => {
      const index =
        program.layout === 'nchw' ? (c === 0 ? 'at' : `at + ${c * height * width}`) : c === 0 ? 'at' : `at + ${c}`;
      return `into[${index}] = ${colourOf(composition, c)};`;
    })
    .concat(program.layout === 'nchw' ? 'at++;' : channels === 1 ? 'at++;' : `at += ${channels};`);
};

const perChannel = (sampler: Sampler, value: (offset: string) => readonly string[]): readonly string[] =>
  Array.from({ length: sampler.program.source.channels }, (_, c) => {
    const lines = value(c === 0 ? '' : ` + ${c}`);
    return lines.map((line) => line.replaceAll('#', `${c}`));
  }).flat();

const emitCopy = (sampler: Sampler): Emitted => {
  const { pixels, height, width } = sampler;
  const { channels } = sampler.program.source;
  return {
    once: [],
    each: [
      `for (let p = 0; p < ${height * width * channels}; p += ${channels}) {`,
      ...indent([...perChannel(sampler, (o) => [`const v# = ${pixels}[p${o}];`]), ...store(sampler)], '  '),
      '}',
    ],
  };
};

const emitFlip = (sampler: Sampler): Emitted => {
  const { pixels, height, width, composition } = sampler;
  const { channels } = sampler.program.source;
  const [sx, sy] = [composition.geometry[0]![0]!, composition.geometry[1]![1]!];
  const start = (sign: Expression, last: number): Expression =>
    typeof sign === 'number' ? (sign < 0 ? last : 0) : `(${sign} < 0 ? ${last} : 0)`;
  return {
    once: [],
    each: [
      `const step = ${times(sx, channels)};`,
      `const firstX = ${start(sx, (width - 1) * channels)};`,
      `const firstY = ${start(sy, height - 1)};`,
      `for (let y = 0; y < ${height}; y++) {`,
      `  let p = (firstY + ${times(sy, 'y')}) * ${width * channels} + firstX;`,
      `  for (let x = 0; x < ${width}; x++, p += step) {`,
      ...indent([...perChannel(sampler, (o) => [`const v# = ${pixels}[p${o}];`]), ...store(sampler)], '    '),
      '  }',
      '}',
    ],
  };
};

/** Input coordinate = scale * output pixel + offset on one axis of a separable map. */
const axisMap = (sampler: Sampler, axis: 0 | 1): readonly [Expression, Expression] => {
  const [a, , c] = affineRows(sampler)[axis]!;
  return axis === 0 ? [a!, c!] : [affineRows(sampler)[1]![1]!, c!];
};

/** The map from output pixel to input pixel, both counted from the first pixel: rows [x, y, 1]. */
const affineRows = ({ program, composition, height, width }: Sampler): readonly (readonly Expression[])[] => {
  const { output } = program;
  const centre = [(output.width - 1) / 2, (output.height - 1) / 2] as const;
  const size = [width, height] as const;
  const ratio = [width / output.width, height / output.height] as const;
  return composition.geometry.map(([a, b, c], axis) => {
    const x = times(a!, ratio[axis]!);
    const y = times(b!, ratio[axis]!);
    const moved = plus(times(c!, ratio[axis]!), plus(times(x, -centre[0]), times(y, -centre[1])));
    return [x, y, plus(moved, (size[axis]! - 1) / 2)];
  });
};

const covered = (sampler: Sampler, value: string): string => {
  const { fill } = sampler.composition;
  return fill.mode === 'constant' ? `${fill.value} + (${value} - ${fill.value}) * cover` : value;
};

const taps = ({ program, composition }: Sampler, axis: Axis): readonly string[] =>
  (program.interpolation === 'bilinear' ? bilinearTaps : nearestTaps)(composition.fill.mode, axis);

const declare = (sampler: Sampler, axis: Axis): string => {
  const names = [axis.first];
  if (sampler.program.interpolation === 'bilinear') names.push(axis.second, axis.weight);
  if (sampler.composition.fill.mode === 'constant') names.push(axis.cover);
  return `let ${names.join(', ')};`;
};

/** Values of all channels from the four corners `p00`, `p10`, `p01`, `p11` and weights `fx`, `fy` (or from `p00`). */
const interpolate = (sampler: Sampler, atBorder: boolean): readonly string[] => {
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

/** Tables of taps for each axis, filled once where nothing is random, else once a sample. */
const emitSeparable = (sampler: Sampler): Emitted => {
  const { program, composition, width } = sampler;
  const { output } = program;
  const { channels } = program.source;
  const linear = program.interpolation === 'bilinear';
  const constant = composition.fill.mode === 'constant';
  const fixed = isFixed(composition);
  const table = (axis: Axis, which: 0 | 1): { once: string[]; fill: string[] } => {
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
            declare(sampler, axis),
            ...taps(sampler, axis),
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
  const x = table(sampler.x, 0);
  const y = table(sampler.y, 1);
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

/** Rows are cut where the four taps are all inside the image; only what is left of them asks for borders. */
const emitAffine = (sampler: Sampler): Emitted => {
  const { program, height, width } = sampler;
  const { output } = program;
  const { channels } = program.source;
  const linear = program.interpolation === 'bilinear';
  const constant = sampler.composition.fill.mode === 'constant';
  const [rowX, rowY] = affineRows(sampler);
  // Nearest counts from pixel corners (s + 0.5), so that truncation picks the pixel.
  const shift = linear ? 0 : 0.5;
  const limits = linear ? [width - 1, height - 1] : [width, height];
  const inside = (x: string): string =>
    `ax * ${x} + bx >= 0 && ax * ${x} + bx < ${limits[0]} && ay * ${x} + by >= 0 && ay * ${x} + by < ${limits[1]}`;
  const stride = width * channels;
  const fast = linear
    ? [
        'const sx = ax * x + bx, sy = ay * x + by;',
        'const ix = sx | 0, iy = sy | 0;',
        'const fx = sx - ix, fy = sy - iy;',
        `const p00 = iy * ${stride} + ${times('ix', channels)};`,
        `const p10 = p00 + ${channels}, p01 = p00 + ${stride}, p11 = p01 + ${channels};`,
      ]
    : [`const p00 = ((ay * x + by) | 0) * ${stride} + ${times('((ax * x + bx) | 0)', channels)};`];
  const border = [
    `let sx = ax * x + bx${shift ? ' - 0.5' : ''}, sy = ay * x + by${shift ? ' - 0.5' : ''};`,
    declare(sampler, sampler.x),
    ...taps(sampler, sampler.x),
    declare(sampler, sampler.y),
    ...taps(sampler, sampler.y),
    ...(constant ? ['const cover = coverX * coverY;'] : []),
    linear
      ? `const r0 = y0 * ${stride}, r1 = y1 * ${stride}, c0 = ${times('x0', channels)}, c1 = ${times('x1', channels)};`
      : `const p00 = y0 * ${stride} + ${times('x0', channels)};`,
    ...(linear ? ['const p00 = r0 + c0, p10 = r0 + c1, p01 = r1 + c0, p11 = r1 + c1;'] : []),
  ];
  return {
    once: [
      '// First and last + 1 pixel x of a row with 0 <= a * x + b < n.',
      'const begin = (a, b, n) => (a > 0 ? Math.ceil(-b / a) : a < 0 ? Math.floor((n - b) / a) + 1 : b >= 0 && b < n ? 0 : Infinity);',
      'const end = (a, b, n) => (a > 0 ? Math.ceil((n - b) / a) : a < 0 ? Math.floor(-b / a) + 1 : b >= 0 && b < n ? Infinity : 0);',
    ],
    each: [
      `const ax = ${rowX![0]}, ay = ${rowY![0]};`,
      `const bxy = ${rowX![1]}, byy = ${rowY![1]};`,
      `const bx0 = ${plus(rowX![2]!, shift)}, by0 = ${plus(rowY![2]!, shift)};`,
      `for (let y = 0; y < ${output.height}; y++) {`,
      ...indent(
        [
          'const bx = bxy * y + bx0, by = byy * y + by0;',
          `let lo = Math.min(${output.width}, Math.max(0, begin(ax, bx, ${limits[0]}), begin(ay, by, ${limits[1]})));`,
          `let hi = Math.max(lo, Math.min(${output.width}, end(ax, bx, ${limits[0]}), end(ay, by, ${limits[1]})));`,
          `while (lo < hi && !(${inside('lo')})) lo++;`,
          `while (lo < hi && !(${inside('(hi - 1)')})) hi--;`,
          'for (let x = 0; ; x++) {',
          '  if (x === lo) {',
          '    for (; x < hi; x++) {',
          ...indent([...fast, ...interpolate(sampler, false), ...store(sampler)], '      '),
          '    }',
          '  }',
          `  if (x >= ${output.width}) break;`,
          ...indent([...border, ...interpolate(sampler, true), ...store(sampler)], '  '),
          '}',
        ],
        '  ',
      ),
      '}',
    ],
  };
};

const isFixed = (composition: Composition): boolean =>
  composition.geometry.every((row) => row.every((value) => typeof value === 'number'));

const isIdentity = ({ geometry }: Composition): boolean =>
  geometry.every((row, y) => row.every((value, x) => value === (x === y ? 1 : 0)));

/** True where the geometry can only flip: each entry of the diagonal is 1 or -1. */
const onlyFlips = ({ program, composition }: Sampler): boolean =>
  isFixed(composition)
    ? composition.geometry.every((row, y) => row.every((value, x) => Math.abs(Number(value)) === (x === y ? 1 : 0)))
    : program.augment.every((step) => step.kind === 'flip' || !isGeometric(step));

const formOf = (sampler: Sampler): Form => {
  const { program, composition, height, width } = sampler;
  const sameSize = height === program.output.height && width === program.output.width;
  if (composition.geometry[0]![1] !== 0 || composition.geometry[1]![0] !== 0) return 'affine';
  if (sameSize && isIdentity(composition)) return 'copy';
  return sameSize && onlyFlips(sampler) ? 'flip' : 'separable';
};

const forms: { readonly [F in Form]: (sampler: Sampler) => Emitted } = {
  copy: emitCopy,
  flip: emitFlip,
  separable: emitSeparable,
  affine: emitAffine,
};

const axis = (name: 'x' | 'y', n: number, output: number): Axis => ({
  s: `s${name}`,
  first: `${name}0`,
  second: `${name}1`,
  weight: `f${name}`,
  cover: `cover${name.toUpperCase()}`,
  n,
  magnification: output / n,
});

/** True where an antialiased resize runs before the sampling pass. */
export const resizesFirst = ({ source, output, antialias, interpolation }: PreprocessProgram): boolean =>
  antialias && interpolation === 'bilinear' && (source.height > output.height || source.width > output.width);

const samplerOf = (program: PreprocessProgram): Sampler => {
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

/** Which of the four forms the kernel of a program takes. */
export const kernelForm = (program: PreprocessProgram): Form => formOf(samplerOf(program));

/**
 * JavaScript source (the body of a function) that returns
 * `kernel(pixels: Uint8Array, into: Float32Array, offset: number, draw: () => number)`: it reads one image (row-major,
 * channels last, 0..255) and writes output.height * output.width * output.channels values from `into[offset]` on.
 * `draw` gives uniform numbers in [0, 1); the order of draws is that of the steps in the program.
 */
export const emitKernel = (program: PreprocessProgram): string => {
  const sampler = samplerOf(program);
  const first = resizesFirst(program);
  const { once, each } = forms[formOf(sampler)](sampler);
  const text = [
    ...(first
      ? emitAntialias({ from: program.source, to: program.output, channels: program.source.channels })
          .trim()
          .split('\n')
      : []),
    ...once,
    'return function kernel(pixels, into, offset, draw) {',
    ...indent(
      [...sampler.composition.statements, ...(first ? ['resize(pixels);'] : []), 'let at = offset;', ...each],
      '  ',
    ),
    '};',
  ];
  return `${text.join('\n')}\n`;
};
