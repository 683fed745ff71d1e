// Noun: the outlines of the built-in shapes, each of area 1 around the origin, y down.

/** Closed polygons as x, y, x, y, ...; where they overlap with opposite turns they cut holes. */
export type Outline = readonly (readonly number[])[];

const TURN = 2 * Math.PI;

/** Points of a closed curve: `at(t)` for t in [0, 1). */
const curve = (points: number, at: (t: number) => readonly [number, number]): number[] =>
  Array.from({ length: points }, (_, i) => at(i / points)).flat();

/** Regular polygon, or a circle with many corners. */
const regular = (corners: number, radius = 1): number[] =>
  curve(corners, (t) => [radius * Math.sin(t * TURN), -radius * Math.cos(t * TURN)]);

const star = (spikes: number, inner: number): number[] =>
  curve(2 * spikes, (t) => {
    const radius = Math.round(t * 2 * spikes) % 2 === 0 ? 1 : inner;
    return [radius * Math.sin(t * TURN), -radius * Math.cos(t * TURN)];
  });

const backwards = (polygon: readonly number[]): number[] =>
  Array.from({ length: polygon.length / 2 }, (_, i) =>
    polygon.slice(polygon.length - 2 * i - 2, polygon.length - 2 * i),
  ).flat();

/** The thick plus sign: `arm` is half the width of an arm of length 1. */
const cross = (arm: number): number[] => [
  ...[-arm, -1, arm, -1, arm, -arm, 1, -arm, 1, arm, arm, arm],
  ...[arm, 1, -arm, 1, -arm, arm, -1, arm, -1, -arm, -arm, -arm],
];

const heart = curve(48, (t) => {
  const a = t * TURN;
  return [16 * Math.sin(a) ** 3, -(13 * Math.cos(a) - 5 * Math.cos(2 * a) - 2 * Math.cos(3 * a) - Math.cos(4 * a))];
});

/** A disc without the disc beside it: the outer arc, then the inner arc back. */
const crescent = [
  ...curve(32, (t) => [Math.cos(0.2 * TURN + t * 0.6 * TURN), Math.sin(0.2 * TURN + t * 0.6 * TURN)]),
  ...curve(32, (t) => {
    const [x, y] = [Math.cos(0.8 * TURN), Math.sin(0.8 * TURN)];
    const radius = Math.hypot(x - 0.75, y);
    const from = Math.atan2(y, x - 0.75);
    const sweep = 2 * (Math.PI + from);
    return [0.75 + radius * Math.cos(from - t * sweep), radius * Math.sin(from - t * sweep)];
  }),
];

const arrow = [0, -1, 0.75, -0.1, 0.28, -0.1, 0.28, 1, -0.28, 1, -0.28, -0.1, -0.75, -0.1];

/** Twice the signed area and the first moments of a polygon. */
const moments = (polygon: readonly number[]): readonly [number, number, number] => {
  let [area, mx, my] = [0, 0, 0];
  for (let i = 0; i < polygon.length; i += 2) {
    const [x0, y0] = [polygon[i]!, polygon[i + 1]!];
    const [x1, y1] = [polygon[(i + 2) % polygon.length]!, polygon[(i + 3) % polygon.length]!];
    const turn = x0 * y1 - x1 * y0;
    area += turn;
    mx += (x0 + x1) * turn;
    my += (y0 + y1) * turn;
  }
  return [area, mx, my];
};

/** Moves the centre of mass to the origin and scales to area 1, so that neither place nor size tells the class. */
const unit = (outline: Outline): Outline => {
  const sums = outline.map(moments);
  const area = sums.reduce((sum, [a]) => sum + a, 0);
  const x = sums.reduce((sum, [, m]) => sum + m, 0) / (3 * area);
  const y = sums.reduce((sum, [, , m]) => sum + m, 0) / (3 * area);
  const scale = 1 / Math.sqrt(Math.abs(area / 2));
  return outline.map((polygon) => polygon.map((value, i) => (value - (i % 2 === 0 ? x : y)) * scale));
};

/** In the order of the class index: `shapes(classes: n)` takes the first n. */
export const outlines: readonly { readonly name: string; readonly outline: Outline }[] = [
  { name: 'circle', outline: unit([regular(64)]) },
  { name: 'square', outline: unit([[-1, -1, 1, -1, 1, 1, -1, 1]]) },
  { name: 'triangle', outline: unit([regular(3)]) },
  { name: 'star', outline: unit([star(5, 0.42)]) },
  { name: 'cross', outline: unit([cross(0.3)]) },
  { name: 'ring', outline: unit([regular(64), backwards(regular(64, 0.6))]) },
  { name: 'hexagon', outline: unit([regular(6)]) },
  { name: 'heart', outline: unit([heart]) },
  { name: 'crescent', outline: unit([crescent]) },
  { name: 'arrow', outline: unit([arrow]) },
];
