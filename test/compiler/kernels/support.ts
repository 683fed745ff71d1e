// What the kernel tests share: programs from a few words, pictures, and running a kernel once.
import { emitKernel } from '../../../src/compiler/kernels/emit-kernel.ts';
import type { PreprocessProgram } from '../../../src/compiler/kernels/preprocess.ts';
import type { ImageShape } from '../../../src/compiler/plan/plan.ts';
import { compileKernel } from '../../../src/runtime/loader/compile-kernel.ts';
import { stream } from '../../../src/runtime/random.ts';

export const shape = (height: number, width: number, channels: number): ImageShape => ({ height, width, channels });

/** No step, no normalisation, nhwc, bilinear; `source` also is the output unless said. */
export const program = (source: ImageShape, given: Partial<PreprocessProgram> = {}): PreprocessProgram => {
  const output = given.output ?? source;
  const channels = Array.from({ length: output.channels }, (_, c) => c);
  return {
    source,
    output,
    layout: 'nhwc',
    interpolation: 'bilinear',
    antialias: false,
    augment: [],
    batch: [],
    order: channels,
    scale: channels.map(() => 1),
    offset: channels.map(() => 0),
    ...given,
  };
};

/** Seeded noise. */
export const noise = ({ height, width, channels }: ImageShape, seed = 1): Uint8Array => {
  const draw = stream(seed, 'test', 'noise');
  return Uint8Array.from({ length: height * width * channels }, () => Math.floor(draw() * 256));
};

/** Bytes that are an affine function of x and y (and differ by channel), so that linear sampling is exact. */
export const ramp = ({ height, width, channels }: ImageShape): Uint8Array =>
  Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return 20 + 2 * (pixel % width) + 3 * Math.floor(pixel / width) + 10 * (i % channels);
  });

/** A stream of given numbers; asking for more is an error. */
export const given = (...values: readonly number[]): (() => number) => {
  let next = 0;
  return () => {
    if (next >= values.length) throw new Error(`draw ${next + 1} was not expected`);
    return values[next++]!;
  };
};

export const run = (of: PreprocessProgram, pixels: Uint8Array, draw: () => number = given()): Float32Array => {
  const { height, width, channels } = of.output;
  const into = new Float32Array(height * width * channels + 7).fill(-777);
  compileKernel(emitKernel(of))(pixels, into, 3, draw);
  const outside = [...into.subarray(0, 3), ...into.subarray(into.length - 4)];
  if (outside.some((value) => value !== -777)) throw new Error('the kernel wrote outside its image');
  return into.slice(3, into.length - 4);
};

/** Largest difference of two arrays of one length. */
export const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};
