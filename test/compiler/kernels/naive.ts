// The reference of the kernel tests and of bench/preprocess.ts: each step of a program done by itself on a whole float image.
// Written from docs/facts/keras.md ("Random images", "Resizing") with integer look-ups at the borders; shares no code with the kernels.
import type { ImageStep, PreprocessProgram } from '../../../src/compiler/kernels/preprocess.ts';
import type { FillMode } from '../../../src/compiler/plan/plan.ts';

/** Row-major, channels last. */
export interface FloatImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
}

type Fill = { readonly fill: FillMode; readonly fill_value: number };

/** Index of the pixel that stands at `i` outside or inside an axis of `n` pixels; -1: the fill value. */
const lookUp = (i: number, n: number, mode: FillMode): number => {
  if (i >= 0 && i < n) return i;
  if (mode === 'constant') return -1;
  if (mode === 'nearest') return i < 0 ? 0 : n - 1;
  const period = mode === 'wrap' ? n : 2 * n;
  const inside = ((i % period) + period) % period;
  return inside < n ? inside : 2 * n - 1 - inside;
};

const sample = (image: FloatImage, x: number, y: number, c: number, { fill, fill_value }: Fill): number => {
  const value = (ix: number, iy: number): number => {
    const px = lookUp(ix, image.width, fill);
    const py = lookUp(iy, image.height, fill);
    return px < 0 || py < 0 ? fill_value : image.values[(py * image.width + px) * image.channels + c]!;
  };
  const [ix, iy] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - ix, y - iy];
  const top = value(ix, iy) * (1 - fx) + value(ix + 1, iy) * fx;
  const bottom = value(ix, iy + 1) * (1 - fx) + value(ix + 1, iy + 1) * fx;
  return top * (1 - fy) + bottom * fy;
};

/** A new image of the given size whose pixel (x, y) is taken at `from(x, y)`. */
const warp = (
  image: FloatImage,
  height: number,
  width: number,
  fill: Fill,
  from: (x: number, y: number) => readonly [number, number],
): FloatImage => {
  const values = new Float64Array(height * width * image.channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = from(x, y);
      for (let c = 0; c < image.channels; c++) values[at++] = sample(image, sx, sy, c, fill);
    }
  }
  return { height, width, channels: image.channels, values };
};

const NEAREST: Fill = { fill: 'nearest', fill_value: 0 };

export const resize = (image: FloatImage, height: number, width: number): FloatImage =>
  warp(image, height, width, NEAREST, (x, y) => [
    ((x + 0.5) * image.width) / width - 0.5,
    ((y + 0.5) * image.height) / height - 0.5,
  ]);

const perPixel = (
  image: FloatImage,
  channels: number,
  change: (pixel: readonly number[]) => readonly number[],
): FloatImage => {
  const count = image.height * image.width;
  const values = new Float64Array(count * channels);
  for (let i = 0; i < count; i++) {
    const pixel = Array.from(image.values.subarray(i * image.channels, (i + 1) * image.channels));
    values.set(change(pixel), i * channels);
  }
  return { ...image, channels, values };
};

const grey = ([r, g, b]: readonly number[]): number => 0.299 * r! + 0.587 * g! + 0.114 * b!;

const channelsTo = (image: FloatImage, channels: number): FloatImage => {
  if (image.channels === channels) return image;
  return image.channels === 1
    ? perPixel(image, channels, ([v]) => Array.from({ length: channels }, () => v!))
    : perPixel(image, 1, (pixel) => [grey(pixel)]);
};

const range = (draw: () => number, [low, high]: readonly [number, number]): number =>
  low === high ? low : low + (high - low) * draw();

/** One augmentation step on a whole image. */
export const applyStep = (image: FloatImage, step: ImageStep, draw: () => number): FloatImage => {
  const { height, width } = image;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const about = (fill: Fill, from: (x: number, y: number) => readonly [number, number]): FloatImage =>
    warp(image, height, width, fill, (x, y) => {
      const [sx, sy] = from(x - cx, y - cy);
      return [sx + cx, sy + cy];
    });
  switch (step.kind) {
    case 'flip': {
      if (!(draw() < step.probability)) return image;
      return step.axis === 'horizontal'
        ? warp(image, height, width, NEAREST, (x, y) => [width - 1 - x, y])
        : warp(image, height, width, NEAREST, (x, y) => [x, height - 1 - y]);
    }
    case 'rotate': {
      const angle = (range(draw, step.degrees) * Math.PI) / 180;
      return about(step, (x, y) => [
        Math.cos(angle) * x - Math.sin(angle) * y,
        Math.sin(angle) * x + Math.cos(angle) * y,
      ]);
    }
    case 'shift': {
      const dx = range(draw, step.x) * width;
      const dy = range(draw, step.y) * height;
      return about(step, (x, y) => [x - dx, y - dy]);
    }
    case 'zoom': {
      const u = step.keep_aspect ? draw() : 0;
      const zx = range(step.keep_aspect ? () => u : draw, step.x);
      const zy = range(step.keep_aspect ? () => u : draw, step.y);
      return about(step, (x, y) => [zx * x, zy * y]);
    }
    case 'shear': {
      const angle = (range(draw, step.degrees) * Math.PI) / 180;
      return about(step, (x, y) => [x - Math.sin(angle) * y, Math.cos(angle) * y]);
    }
    case 'crop': {
      const side = Math.sqrt(range(draw, step.share));
      const left = draw() * (width - side * width);
      const top = draw() * (height - side * height);
      return warp(image, height, width, NEAREST, (x, y) => [
        left + (x + 0.5) * side - 0.5,
        top + (y + 0.5) * side - 0.5,
      ]);
    }
    case 'brightness': {
      const f = range(draw, step.factor);
      return perPixel(image, image.channels, (pixel) => pixel.map((v) => v * f));
    }
    case 'contrast': {
      const f = range(draw, step.factor);
      return perPixel(image, image.channels, (pixel) => pixel.map((v) => (v - 127.5) * f + 127.5));
    }
    case 'saturation': {
      const f = range(draw, step.factor);
      if (image.channels === 1) return image;
      return perPixel(image, 3, (pixel) => pixel.map((v) => grey(pixel) + f * (v - grey(pixel))));
    }
    case 'hue': {
      const angle = (range(draw, step.degrees) * Math.PI) / 180;
      if (image.channels === 1) return image;
      // v cos + (k x v) sin + k (k . v)(1 - cos), k = (1, 1, 1) / sqrt(3)
      return perPixel(image, 3, ([r, g, b]) => {
        const mean = ((r! + g! + b!) / 3) * (1 - Math.cos(angle));
        const s = Math.sin(angle) / Math.sqrt(3);
        const c = Math.cos(angle);
        return [r! * c + (b! - g!) * s + mean, g! * c + (r! - b!) * s + mean, b! * c + (g! - r!) * s + mean];
      });
    }
    case 'channel_shift': {
      const amount = range(draw, step.amount);
      return perPixel(image, image.channels, (pixel) => pixel.map((v) => v + amount));
    }
  }
};

/** The whole program, one step after the other, each with a whole image in between. No clipping. */
export const naive = (program: PreprocessProgram, pixels: Uint8Array, draw: () => number): Float32Array => {
  const { source, output } = program;
  let image: FloatImage = { ...source, values: Float64Array.from(pixels) };
  if (source.height !== output.height || source.width !== output.width)
    image = resize(image, output.height, output.width);
  image = channelsTo(image, output.channels);
  for (const step of program.augment) image = applyStep(image, step, draw);
  const count = output.height * output.width;
  const into = new Float32Array(count * output.channels);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < output.channels; c++) {
      const value = image.values[i * output.channels + program.order[c]!]! * program.scale[c]! + program.offset[c]!;
      into[program.layout === 'nhwc' ? i * output.channels + c : c * count + i] = value;
    }
  }
  return into;
};
