// Verb: a preprocess program to one affine map and one colour map, with the draws of a sample in their fixed order.
import type { FillMode } from '../plan/plan.ts';
import { dot, type Expression, factor, isCompound, plus, times } from './expression.ts';
import type { ImageStep, PreprocessProgram } from './preprocess.ts';

/** Rows of a matrix; the last column is the constant. */
export type Matrix = readonly (readonly Expression[])[];

/** What the emitted kernel computes for each sample. */
export interface Composition {
  /** Statements run once a sample, in file order: the draws and the constants made of them. */
  readonly statements: readonly string[];
  /** Output to input pixel, both counted from the centre of the resized image: 2 x 3, [x, y] order, y down. */
  readonly geometry: Matrix;
  /** Kinds of the steps that the geometry is made of. */
  readonly moves: ReadonlySet<ImageKind>;
  /** Source channels (0..255) to output channels (normalised): channels x (source channels + 1). */
  readonly colour: Matrix;
  /** Output channels are kept within the normalised images of 0 and 255 (only where colour is random). */
  readonly clamp: readonly (readonly [number, number])[] | null;
  /** What stands outside the image, and its value for `constant` (0..255, before colour). */
  readonly fill: { readonly mode: FillMode; readonly value: number };
}

/** Weights of red, green and blue in a pixel's grey value (ITU-R BT.601, as PIL's mode "L"). */
const GREY = [0.299, 0.587, 0.114] as const;
const MID = 127.5;

interface Composer {
  readonly program: PreprocessProgram;
  readonly statements: string[];
  geometry: Matrix;
  colour: Matrix;
  fill: { readonly mode: FillMode; readonly value: number };
  randomColour: boolean;
}

type Range = readonly [number, number];

/** Names `value` in the kernel, unless it is a number or a name already. */
const bind = (at: Composer, name: string, value: Expression): Expression => {
  if (!isCompound(value)) return value;
  at.statements.push(`const ${name} = ${value};`);
  return name;
};

/** U(low, high) from a draw; a range without width is a number and takes nothing from the stream. */
const uniform = (at: Composer, name: string, [low, high]: Range, draw: Expression = 'draw()'): Expression =>
  low === high ? low : bind(at, name, plus(low, times(high - low, draw)));

const cosine = (at: Composer, name: string, radians: Expression): Expression =>
  typeof radians === 'number' ? Math.cos(radians) : bind(at, name, `Math.cos(${radians})`);

const sine = (at: Composer, name: string, radians: Expression): Expression =>
  typeof radians === 'number' ? Math.sin(radians) : bind(at, name, `Math.sin(${radians})`);

/** Right-multiplies the map: the step acts on output coordinates before all steps so far. */
const map = (at: Composer, name: string, step: Matrix): void => {
  const rows = [...step, [0, 0, 1]];
  at.geometry = at.geometry.map((row, y) =>
    [0, 1, 2].map((x) =>
      bind(
        at,
        `${name}_${'xy'[y]}${'xy1'[x]}`,
        dot(
          row,
          rows.map((r) => r[x]!),
        ),
      ),
    ),
  );
};

/** Left-multiplies the colour map: the step acts on the colours that all steps so far give. */
const tint = (at: Composer, name: string, step: Matrix): void => {
  at.randomColour = true;
  const width = at.colour[0]!.length;
  at.colour = step.map((row, c) =>
    Array.from({ length: width }, (_, j) => {
      const mixed = dot(
        row.slice(0, -1),
        at.colour.map((r) => r[j]!),
      );
      return bind(at, `${name}_${c}${j}`, j === width - 1 ? plus(mixed, row.at(-1)!) : mixed);
    }),
  );
};

/** The same factor and offset on each channel. */
const diagonal = (channels: number, scale: Expression, offset: Expression): Matrix =>
  Array.from({ length: channels }, (_, c) => [
    ...Array.from({ length: channels }, (_, j) => (c === j ? scale : 0)),
    offset,
  ]);

type ImageKind = ImageStep['kind'];
type Step<K extends ImageKind> = Extract<ImageStep, { kind: K }>;
type Rule<K extends ImageKind> = (at: Composer, step: Step<K>, i: number) => void;

const filled = (at: Composer, step: { readonly fill: FillMode; readonly fill_value: number }): void => {
  at.fill = { mode: step.fill, value: step.fill_value };
};

/**
 * How each kind draws and composes.
 * Draws of one step, in order: flip 1, rotate 1, shift x then y, zoom x then y (1 with keep_aspect), shear 1,
 * crop share then x then y, each colour step 1. What cannot vary is not drawn.
 */
const rules: { readonly [K in ImageKind]: Rule<K> } = {
  flip: (at, { axis, probability }, i) => {
    const sign =
      probability <= 0 ? 1 : probability >= 1 ? -1 : bind(at, `flip${i}`, `draw() < ${probability} ? -1 : 1`);
    const [x, y] = axis === 'horizontal' ? [sign, 1] : [1, sign];
    map(at, `flip${i}`, [
      [x, 0, 0],
      [0, y, 0],
    ]);
  },
  rotate: (at, step, i) => {
    filled(at, step);
    const radians = uniform(at, `angle${i}`, [radiansOf(step.degrees[0]), radiansOf(step.degrees[1])]);
    if (radians === 0) return;
    const c = cosine(at, `cos${i}`, radians);
    const s = sine(at, `sin${i}`, radians);
    map(at, `rotate${i}`, [
      [c, times(-1, s), 0],
      [s, c, 0],
    ]);
  },
  shift: (at, step, i) => {
    filled(at, step);
    const { width, height } = at.program.output;
    const x = uniform(at, `dx${i}`, [step.x[0] * width, step.x[1] * width]);
    const y = uniform(at, `dy${i}`, [step.y[0] * height, step.y[1] * height]);
    map(at, `shift${i}`, [
      [1, 0, times(-1, x)],
      [0, 1, times(-1, y)],
    ]);
  },
  zoom: (at, step, i) => {
    filled(at, step);
    const isSame = step.x[0] === step.y[0] && step.x[1] === step.y[1];
    const varies = step.x[0] !== step.x[1] || step.y[0] !== step.y[1];
    const shared = step.keep_aspect && varies && !isSame ? bind(at, `zoom${i}`, 'draw()') : undefined;
    const x = uniform(at, `zoom${i}x`, step.x, shared);
    const y = step.keep_aspect && isSame ? x : uniform(at, `zoom${i}y`, step.y, shared);
    map(at, `zoom${i}`, [
      [x, 0, 0],
      [0, y, 0],
    ]);
  },
  shear: (at, step, i) => {
    filled(at, step);
    const radians = uniform(at, `angle${i}`, [radiansOf(step.degrees[0]), radiansOf(step.degrees[1])]);
    if (radians === 0) return;
    map(at, `shear${i}`, [
      [1, times(-1, sine(at, `sin${i}`, radians)), 0],
      [0, cosine(at, `cos${i}`, radians), 0],
    ]);
  },
  crop: (at, { share }, i) => {
    const { width, height } = at.program.output;
    const area = uniform(at, `share${i}`, share);
    const side = typeof area === 'number' ? Math.sqrt(area) : bind(at, `side${i}`, `Math.sqrt(${area})`);
    if (side === 1) return;
    const room = plus(1, times(-1, side));
    const x = bind(at, `crop${i}x`, times(uniform(at, `x${i}`, [-width / 2, width / 2]), room));
    const y = bind(at, `crop${i}y`, times(uniform(at, `y${i}`, [-height / 2, height / 2]), room));
    map(at, `crop${i}`, [
      [side, 0, x],
      [0, side, y],
    ]);
  },
  brightness: (at, { factor: range }, i) => {
    tint(at, `brightness${i}`, diagonal(at.program.output.channels, uniform(at, `bright${i}`, range), 0));
  },
  contrast: (at, { factor: range }, i) => {
    const c = uniform(at, `contrast${i}`, range);
    const offset = bind(at, `contrast${i}_1`, times(MID, plus(1, times(-1, c))));
    tint(at, `contrast${i}`, diagonal(at.program.output.channels, c, offset));
  },
  saturation: (at, { factor: range }, i) => {
    const s = uniform(at, `saturation${i}`, range);
    if (at.program.output.channels !== 3) return;
    const rest = bind(at, `grey${i}`, plus(1, times(-1, s)));
    tint(
      at,
      `saturation${i}`,
      [0, 1, 2].map((c) => [...GREY.map((weight, j) => plus(times(weight, rest), c === j ? s : 0)), 0]),
    );
  },
  hue: (at, step, i) => {
    const radians = uniform(at, `hue${i}`, [radiansOf(step.degrees[0]), radiansOf(step.degrees[1])]);
    if (at.program.output.channels !== 3) return;
    // Rodrigues' rotation about (1, 1, 1) / sqrt(3): red turns to green, green to blue.
    const c = cosine(at, `hue${i}_cos`, radians);
    const even = bind(at, `hue${i}_even`, times(1 / 3, plus(1, times(-1, c))));
    const odd = bind(at, `hue${i}_odd`, times(Math.sqrt(1 / 3), sine(at, `hue${i}_sin`, radians)));
    const same = bind(at, `hue${i}_same`, plus(c, even));
    const forward = bind(at, `hue${i}_forward`, plus(even, odd));
    const back = bind(at, `hue${i}_back`, plus(even, times(-1, odd)));
    tint(at, `hue${i}`, [
      [same, back, forward, 0],
      [forward, same, back, 0],
      [back, forward, same, 0],
    ]);
  },
  channel_shift: (at, { amount }, i) => {
    tint(at, `channels${i}`, diagonal(at.program.output.channels, 1, uniform(at, `lift${i}`, amount)));
  },
};

const radiansOf = (degrees: number): number => (degrees * Math.PI) / 180;

const apply = <K extends ImageKind>(at: Composer, step: Step<K>, i: number): void => {
  const rule: Rule<K> = rules[step.kind as K];
  rule(at, step, i);
};

/** Grey to RGB repeats the channel; RGB to grey takes the grey value; else channels stay. */
const channelMap = (from: number, to: number): Matrix => {
  if (from === 3 && to === 1) return [[...GREY, 0]];
  return Array.from({ length: to }, (_, c) => [
    ...Array.from({ length: from }, (_, j) => (from === 1 || c === j ? 1 : 0)),
    0,
  ]);
};

/** Composes the program. */
export const compose = (program: PreprocessProgram): Composition => {
  const at: Composer = {
    program,
    statements: [],
    geometry: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    colour: channelMap(program.source.channels, program.output.channels),
    fill: { mode: 'nearest', value: 0 },
    randomColour: false,
  };
  const moves = new Set<ImageKind>();
  program.augment.forEach((step, i) => {
    const before = at.geometry;
    apply(at, step, i + 1);
    if (at.geometry !== before) moves.add(step.kind);
  });
  const colour = program.order.map((from, c) =>
    at.colour[from]!.map((value, j) => {
      const scaled = times(value, program.scale[c]!);
      const last = j === program.source.channels ? plus(scaled, program.offset[c]!) : scaled;
      return bind(at, `colour_${c}${j}`, last);
    }),
  );
  const clamp = program.order.map((_, c): readonly [number, number] => {
    const ends = [program.offset[c]!, 255 * program.scale[c]! + program.offset[c]!];
    return [Math.min(...ends), Math.max(...ends)];
  });
  return {
    statements: at.statements,
    geometry: at.geometry,
    moves,
    colour,
    clamp: at.randomColour ? clamp : null,
    fill: at.fill,
  };
};

/** One channel of the colour map on values named `v0`, `v1`, ... */
export const colourOf = (composition: Composition, channel: number): string => {
  const row = composition.colour[channel]!;
  const value = `${plus(
    dot(
      row.slice(0, -1),
      row.slice(0, -1).map((_, j) => `v${j}`),
    ),
    row.at(-1)!,
  )}`;
  const limits = composition.clamp?.[channel];
  return limits ? `Math.min(${factor(limits[1])}, Math.max(${factor(limits[0])}, ${value}))` : value;
};
