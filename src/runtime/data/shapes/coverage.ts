// Verb: polygons to the exact share of each pixel that they cover (signed-area accumulation: no supersampling).
import type { Outline } from './outlines.ts';

/** x' = a x + b y + c, y' = d x + e y + f. */
export type Placement = readonly [number, number, number, number, number, number];

/** Adds the signed area to the right of the edge from (x0, y0) to (x1, y1), as differences along each row. */
const addEdge = (sums: Float32Array, size: number, x0: number, y0: number, x1: number, y1: number): void => {
  if (y0 === y1) return;
  const direction = y0 < y1 ? 1 : -1;
  const [topX, topY, bottomX, bottomY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
  const slope = (bottomX - topX) / (bottomY - topY);
  const last = Math.min(size, Math.ceil(bottomY));
  let x = topY < 0 ? topX - topY * slope : topX;
  for (let row = Math.max(0, Math.floor(topY)); row < last; row++) {
    const height = Math.min(row + 1, bottomY) - Math.max(row, topY);
    const next = x + slope * height;
    const area = direction * height;
    const left = Math.min(x, next);
    const right = Math.max(x, next);
    const first = Math.floor(left);
    const end = Math.ceil(right);
    const at = row * size + first;
    if (end <= first + 1) {
      // Within one pixel: its share is what lies right of the edge's middle.
      const middle = (x + next) / 2 - first;
      sums[at]! += area * (1 - middle);
      sums[at + 1]! += area * middle;
    } else {
      const per = 1 / (right - left);
      const a0 = 0.5 * per * (1 - (left - first)) ** 2;
      const tail = right - end + 1;
      const am = 0.5 * per * tail * tail;
      sums[at]! += area * a0;
      if (end === first + 2) {
        sums[at + 1]! += area * (1 - a0 - am);
      } else {
        const a1 = per * (1.5 - (left - first));
        sums[at + 1]! += area * (a1 - a0);
        for (let i = first + 2; i < end - 1; i++) sums[row * size + i]! += area * per;
        const a2 = a1 + (end - first - 3) * per;
        sums[row * size + end - 1]! += area * (1 - a2 - am);
      }
      sums[row * size + end]! += area * am;
    }
    x = next;
  }
};

/** An outline and where it lies. */
export type Placed = readonly [Outline, Placement];

/**
 * Writes coverage 0..1 of each pixel of a `size` x `size` image into `into` (size * size + 2 values).
 * The placed outlines must lie inside the image and apart from each other.
 */
export const drawCoverage = (placed: readonly Placed[], size: number, into: Float32Array): void => {
  into.fill(0);
  for (const [outline, [a, b, c, d, e, f]] of placed) {
    for (const polygon of outline) {
      for (let i = 0; i < polygon.length; i += 2) {
        const [px, py] = [polygon[i]!, polygon[i + 1]!];
        const [qx, qy] = [polygon[(i + 2) % polygon.length]!, polygon[(i + 3) % polygon.length]!];
        addEdge(into, size, a * px + b * py + c, d * px + e * py + f, a * qx + b * qy + c, d * qx + e * qy + f);
      }
    }
  }
  let sum = 0;
  for (let i = 0; i < size * size; i++) {
    sum += into[i]!;
    into[i] = Math.min(1, Math.abs(sum));
  }
};
