// Verb: one image of the built-in source `shapes`: nine shapes of one kind on a soft background.
// Places, sizes, turns, colours and textures are drawn alike for every class: only the outline tells it.
import { drawCoverage, type Placed, type Placement } from './coverage.ts';
import type { Outline } from './outlines.ts';

/** Height and width of the images, in pixels. */
export const SIZE = 224;

const PIXELS = SIZE * SIZE;
/** The shapes lie in a loose grid of CELLS x CELLS. */
const CELLS = 3;
const CELL = SIZE / CELLS;
/** Side of a shape: the square root of its area, in pixels. */
const SIDE = [32, 46] as const;
/** Turns to both sides, in radians. */
const TURN = Math.PI / 9;
const GRID = 8;
const coverage = new Float32Array(PIXELS + 2);
const canvas = new Float32Array(PIXELS * 3);
const grid = new Float32Array((GRID + 1) * (GRID + 1));

type Draw = () => number;
type Colour = readonly [number, number, number];

const between = (draw: Draw, low: number, high: number): number => low + (high - low) * draw();

/** Each channel by itself, so any hue. */
const randomColour = (draw: Draw, low: number, high: number): Colour => [
  between(draw, low, high),
  between(draw, low, high),
  between(draw, low, high),
];

/** Background: a gradient between two colours, bent by smooth noise. */
const drawBackground = (draw: Draw, from: Colour, to: Colour): void => {
  const angle = between(draw, 0, 2 * Math.PI);
  const [gx, gy] = [Math.cos(angle) / SIZE, Math.sin(angle) / SIZE];
  const amount = between(draw, 0.1, 0.3);
  for (let i = 0; i < grid.length; i++) grid[i] = (draw() - 0.5) * amount;
  const cell = SIZE / GRID;
  for (let y = 0, at = 0; y < SIZE; y++) {
    const v = y / cell;
    const row = Math.floor(v);
    const fy = v - row;
    const top = row * (GRID + 1);
    for (let x = 0; x < SIZE; x++, at += 3) {
      const u = x / cell;
      const column = u | 0;
      const fx = u - column;
      const p = top + column;
      const a = grid[p]! + (grid[p + 1]! - grid[p]!) * fx;
      const b = grid[p + GRID + 1]! + (grid[p + GRID + 2]! - grid[p + GRID + 1]!) * fx;
      const t = 0.5 + (x - SIZE / 2) * gx + (y - SIZE / 2) * gy + a + (b - a) * fy;
      canvas[at] = from[0] + (to[0] - from[0]) * t;
      canvas[at + 1] = from[1] + (to[1] - from[1]) * t;
      canvas[at + 2] = from[2] + (to[2] - from[2]) * t;
    }
  }
};

/** Bounds of the outline under a linear map: left, right, top, bottom. */
const boundsOf = (outline: Outline, a: number, b: number, d: number, e: number): number[] => {
  const bounds = [0, 0, 0, 0];
  for (const polygon of outline) {
    for (let i = 0; i < polygon.length; i += 2) {
      const x = a * polygon[i]! + b * polygon[i + 1]!;
      const y = d * polygon[i]! + e * polygon[i + 1]!;
      bounds[0] = Math.min(bounds[0]!, x);
      bounds[1] = Math.max(bounds[1]!, x);
      bounds[2] = Math.min(bounds[2]!, y);
      bounds[3] = Math.max(bounds[3]!, y);
    }
  }
  return bounds;
};

/** Turned, a little stretched, made smaller where it would not fit, and anywhere inside its cell. */
const place = (draw: Draw, outline: Outline, left: number, top: number): Placement => {
  const angle = between(draw, -TURN, TURN);
  const stretch = between(draw, 0.9, 1.1);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = [c * stretch, -s / stretch, s * stretch, c / stretch] as const;
  const bounds = boundsOf(outline, ...turned);
  const extent = Math.max(bounds[1]! - bounds[0]!, bounds[3]! - bounds[2]!);
  const side = Math.min(between(draw, SIDE[0], SIDE[1]), (CELL - 4) / extent);
  /** From touching one side of the cell to touching the other. */
  const somewhere = (low: number, high: number): number => 2 - side * low + draw() * (CELL - 4 - side * (high - low));
  const x = left + somewhere(bounds[0]!, bounds[1]!);
  const y = top + somewhere(bounds[2]!, bounds[3]!);
  return [side * turned[0], side * turned[1], x, side * turned[2], side * turned[3], y];
};

/** The shapes: a gradient of two near colours, with faint stripes. */
const drawShapes = (draw: Draw, outline: Outline, colour: Colour): void => {
  const placed = Array.from(
    { length: CELLS * CELLS },
    (_, i): Placed => [outline, place(draw, outline, (i % CELLS) * CELL, Math.floor(i / CELLS) * CELL)],
  );
  drawCoverage(placed, SIZE, coverage);
  const angle = between(draw, 0, 2 * Math.PI);
  const [gx, gy] = [Math.cos(angle), Math.sin(angle)];
  const slope = between(draw, 0, 60) / SIZE;
  const stripes = between(draw, 0, 4);
  const pitch = (2 * Math.PI) / between(draw, 6, 24);
  for (let y = 0, i = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, i++) {
      const share = coverage[i]!;
      if (share === 0) continue;
      const along = (x - SIZE / 2) * gx + (y - SIZE / 2) * gy;
      const light = along * slope + stripes * Math.sin(along * pitch);
      const at = i * 3;
      canvas[at]! += (colour[0] + light - canvas[at]!) * share;
      canvas[at + 1]! += (colour[1] + light - canvas[at + 1]!) * share;
      canvas[at + 2]! += (colour[2] + light - canvas[at + 2]!) * share;
    }
  }
};

/** Rounds to bytes with grain: the same offset on the three channels of a pixel. */
const grain = (draw: Draw, into: Uint8Array): void => {
  const amount = between(draw, 2, 8);
  // A small generator of its own: one draw seeds it, so that grain costs a few operations a pixel.
  let state = Math.floor(draw() * 4294967296) | 1;
  const bytes = new Uint8ClampedArray(into.buffer, into.byteOffset, PIXELS * 3);
  for (let at = 0; at < PIXELS * 3; at += 3) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const offset = (state / 4294967296) * amount;
    bytes[at] = canvas[at]! + offset;
    bytes[at + 1] = canvas[at + 1]! + offset;
    bytes[at + 2] = canvas[at + 2]! + offset;
  }
};

/** Draws `outline` with everything else taken from `draw`; writes SIZE x SIZE x 3 bytes. */
export const drawImage = (outline: Outline, draw: Draw, into: Uint8Array): void => {
  const from = randomColour(draw, 10, 70);
  const to = randomColour(draw, 10, 70);
  const colour = randomColour(draw, 180, 250);
  drawBackground(draw, from, to);
  drawShapes(draw, outline, colour);
  grain(draw, into);
};
