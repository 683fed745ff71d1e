// Verb: numbers → curves drawn with braille dots (or ASCII marks). Pure: the views only colour what comes out.

/** Values by epoch; null or not finite where there is none. */
export type Series = readonly (number | null)[];

export interface CurveOptions {
  /** Characters. */
  readonly width: number;
  readonly height: number;
  /** Values at the lower and the upper edge. */
  readonly low: number;
  readonly high: number;
  /** Number of epochs the width stands for; at least the longest series. */
  readonly span: number;
  readonly glyphs: 'braille' | 'ascii';
}

/** Neighbouring characters of one series; `series` is null where nothing is drawn. */
export interface Piece {
  readonly text: string;
  readonly series: number | null;
}

/** Bit of each of the 2 x 4 dots of a braille character (Unicode block U+2800), by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

const ASCII_MARKS = ['*', 'o', '+', 'x'] as const;

interface Dot {
  readonly x: number;
  readonly y: number;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Where the value of each epoch lies on a grid of `columns` x `rows` dots; y grows downwards. */
const dotsOf = (series: Series, options: CurveOptions, columns: number, rows: number): readonly (Dot | null)[] => {
  const { low, high, span } = options;
  const range = high - low || 1;
  return series.map((value, i) =>
    value === null || !Number.isFinite(value)
      ? null
      : {
          x: span <= 1 ? 0 : Math.round((i / (span - 1)) * (columns - 1)),
          y: Math.round(clamp((high - value) / range, 0, 1) * (rows - 1)),
        },
  );
};

/** Every dot of a straight line between two dots, both included. */
const line = (from: Dot, to: Dot): readonly Dot[] => {
  const length = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  if (length === 0) return [from];
  return Array.from({ length: length + 1 }, (_, i) => ({
    x: Math.round(from.x + ((to.x - from.x) * i) / length),
    y: Math.round(from.y + ((to.y - from.y) * i) / length),
  }));
};

/** The dots of a curve in drawing order; a missing value leaves a hole. */
const trace = (points: readonly (Dot | null)[]): readonly Dot[] =>
  points.flatMap((point, i) => {
    if (point === null) return [];
    const before = i > 0 ? points[i - 1] : null;
    return before ? line(before, point).slice(1) : [point];
  });

/** Joins neighbouring characters of the same series. */
const join = (characters: readonly Piece[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const character of characters) {
    const last = pieces.at(-1);
    if (last && last.series === character.series)
      pieces[pieces.length - 1] = { text: last.text + character.text, series: last.series };
    else pieces.push(character);
  }
  return pieces;
};

/**
 * Rows of pieces, `height` of them, each `width` characters wide, the first at the top. The first series is a full line, the
 * later ones are dashed, so that they are told apart without colour. Where curves meet, the character belongs to the series
 * with more dots in it, the later one when equal.
 */
export const drawCurves = (series: readonly Series[], options: CurveOptions): readonly (readonly Piece[])[] => {
  const { width, height, glyphs } = options;
  const [across, down] = glyphs === 'braille' ? [2, 4] : [1, 1];
  const bits = new Uint8Array(width * height);
  const owners = new Map<number, number[]>();
  series.forEach((values, number) => {
    const dots = trace(dotsOf(values, options, width * across, height * down));
    const dashed = number > 0 && glyphs === 'braille' && dots.length > 4;
    for (const [i, { x, y }] of dots.entries()) {
      if (dashed && i % 4 >= 2) continue;
      const cell = Math.floor(y / down) * width + Math.floor(x / across);
      bits[cell]! |= DOTS[y % down]![x % across]!;
      const counts = owners.get(cell) ?? [];
      counts[number] = (counts[number] ?? 0) + 1;
      owners.set(cell, counts);
    }
  });
  const character = (cell: number): Piece => {
    const counts = owners.get(cell);
    if (!counts) return { text: ' ', series: null };
    const owner = counts.reduce((best, dots, i) => (dots >= (counts[best] ?? 0) ? i : best), 0);
    const mark = ASCII_MARKS[owner % ASCII_MARKS.length]!;
    return { text: glyphs === 'braille' ? String.fromCharCode(0x2800 + bits[cell]!) : mark, series: owner };
  };
  return Array.from({ length: height }, (_, row) =>
    join(Array.from({ length: width }, (_, column) => character(row * width + column))),
  );
};

/** The finite values of all series. */
const finite = (series: readonly Series[]): readonly number[] =>
  series.flat().filter((value): value is number => value !== null && Number.isFinite(value));

/** Axis for accuracies: tenths around the values, within 0..1. */
export const accuracyRange = (series: readonly Series[]): { readonly low: number; readonly high: number } => {
  const values = finite(series);
  if (values.length === 0) return { low: 0, high: 1 };
  const low = Math.max(0, Math.floor(Math.min(...values) * 10 - 1e-9) / 10);
  const high = Math.min(1, Math.ceil(Math.max(...values) * 10 + 1e-9) / 10);
  return { low, high: Math.max(high, low + 0.1) };
};

/**
 * Axis for losses. Where they differ by more than a factor of 20 (a first epoch that exploded) the axis is logarithmic, so that
 * the rest does not become a flat line: then draw `Math.log10` of the values between the logarithms of low and high.
 */
export const lossRange = (
  series: readonly Series[],
): { readonly low: number; readonly high: number; readonly logarithmic: boolean } => {
  const values = finite(series).filter((value) => value >= 0);
  if (values.length === 0) return { low: 0, high: 1, logarithmic: false };
  const high = Math.max(...values);
  const low = Math.min(...values);
  const smallest = Math.max(low, 1e-6);
  if (high / smallest > 20) return { low: smallest, high, logarithmic: true };
  return { low, high: high > low ? high : low + 0.1, logarithmic: false };
};

/**
 * Epochs that the width of a chart stands for: those done once the run is finished; before that twice as many again whenever
 * the curve has reached the edge (5, 10, 20, ...), so that a long run does not begin in a corner. Never more than planned.
 */
export const spanFor = (done: number, planned: number, finished: boolean): number => {
  if (finished) return done;
  let span = 5;
  while (span < done) span *= 2;
  return Math.max(done, Math.min(span, planned));
};
