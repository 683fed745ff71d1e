// The fused kernel against Keras' golden values (docs/facts/keras.md, "Random images" and "Resizing"), hand-derived cases, and the naive reference.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernel, kernelForm } from '../../../src/compiler/kernels/emit-kernel.ts';
import type { ImageStep } from '../../../src/compiler/kernels/preprocess.ts';
import type { FillMode } from '../../../src/compiler/plan/plan.ts';
import { stream } from '../../../src/runtime/random.ts';
import { naive } from './naive.ts';
import { difference, given, noise, program, ramp, run, shape } from './support.ts';

const MODES: readonly FillMode[] = ['nearest', 'reflect', 'wrap', 'constant'];
/** The identity by an angle whose sine is not quite 0: takes the general affine form. */
const turn: ImageStep = { kind: 'rotate', degrees: [360, 360], fill: 'nearest', fill_value: 0 };
const rotate = (low: number, high: number, fill: FillMode = 'nearest', fill_value = 0): ImageStep => ({
  kind: 'rotate',
  degrees: [low, high],
  fill,
  fill_value,
});
const shift = (
  x: readonly [number, number],
  y: readonly [number, number],
  fill: FillMode = 'nearest',
  fill_value = 0,
) => ({ kind: 'shift', x, y, fill, fill_value }) satisfies ImageStep;
const flip = (axis: 'horizontal' | 'vertical', probability = 0.5): ImageStep => ({ kind: 'flip', axis, probability });

const fills = suite('kernel: fill modes');

// docs/facts/keras.md, "Random images": [1, 2, 3, 4] shifted right by 2.
const golden: { readonly [M in FillMode]: readonly number[] } = {
  reflect: [2, 1, 1, 2],
  wrap: [3, 4, 1, 2],
  constant: [0, 0, 1, 2],
  nearest: [1, 1, 1, 2],
};
for (const mode of MODES) {
  const right = shift([0.5, 0.5], [0, 0], mode);
  const down = shift([0, 0], [0.5, 0.5], mode);
  const pixels = Uint8Array.of(1, 2, 3, 4);
  for (const interpolation of ['bilinear', 'nearest'] as const) {
    fills(`${mode}, ${interpolation}: Keras' golden row and column, separable and affine`, () => {
      for (const augment of [[right], [turn, right]])
        assert.equal([...run(program(shape(1, 4, 1), { augment, interpolation }), pixels)], golden[mode]);
      for (const augment of [[down], [turn, down]])
        assert.equal([...run(program(shape(4, 1, 1), { augment, interpolation }), pixels)], golden[mode]);
    });
  }
  fills(`${mode}: far outside and between pixels, as look-ups pixel by pixel`, () => {
    for (const amount of [0.13, -0.4, 1.7, -2.3, 3]) {
      for (const augment of [
        [shift([amount, amount], [-amount, -amount], mode, 9)],
        [turn, shift([amount, amount], [-amount, -amount], mode, 9)],
        [rotate(77 * amount, 77 * amount, mode, 200)],
      ]) {
        const of = program(shape(7, 9, 3), { augment });
        const pixels = noise(of.source);
        // A turn by 360 degrees moves no pixel: the reference goes without it (its own border look-ups would differ by mode).
        const plain = { ...of, augment: augment.filter((step) => step !== turn) };
        assert.ok(difference(run(of, pixels), naive(plain, pixels, given())) < 1e-3, `${mode} ${amount}`);
      }
    }
  });
}
for (const mode of MODES) {
  fills(`${mode}: borders are those of the resized image, enlarged or shrunk`, () => {
    // Shifts by whole output pixels lose nothing when they resample the resized image, so both ways must agree.
    for (const [from, to] of [
      [6, 18],
      [5, 9],
      [18, 6],
    ] as const) {
      for (const pixelsMoved of [2, -3, to + 1]) {
        const move = shift([pixelsMoved / to, pixelsMoved / to], [-pixelsMoved / to, -pixelsMoved / to], mode, 50);
        for (const turned of [[move], [turn, move]]) {
          const of = program(shape(from, from, 1), { output: shape(to, to, 1), augment: turned });
          const pixels = noise(of.source);
          const expected = naive({ ...of, augment: [move] }, pixels, given());
          assert.ok(difference(run(of, pixels), expected) < 1e-3, `${from} to ${to}, moved ${pixelsMoved}`);
        }
      }
    }
  });
}
fills('the fill of the last step that names one counts', () => {
  const augment = [shift([0, 0], [0.5, 0.5], 'nearest'), shift([0.5, 0.5], [0, 0], 'constant', 7)];
  assert.equal([...run(program(shape(1, 2, 1), { augment: [augment[1]!] }), Uint8Array.of(1, 2))], [7, 1]);
  assert.equal([...run(program(shape(2, 1, 1), { augment: [augment[0]!] }), Uint8Array.of(1, 2))], [1, 1]);
  assert.equal([...run(program(shape(2, 2, 1), { augment }), Uint8Array.of(1, 2, 3, 4))], [7, 7, 7, 1]);
});
fills.run();

const resizes = suite('kernel: resize');

// docs/facts/keras.md, "Resizing".
const resized = (values: readonly number[], to: number, more = {}): number[] => [
  ...run(program(shape(1, values.length, 1), { output: shape(1, to, 1), ...more }), Uint8Array.from(values)),
];
const eight = [0, 1, 2, 3, 4, 5, 6, 7];
resizes('bilinear, half-pixel centres: Keras golden values', () => {
  assert.ok(difference(resized([0, 1, 2, 3], 8), [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]) < 1e-6);
  assert.ok(difference(resized(eight, 3), [0.8333, 3.5, 6.1667]) < 1e-4);
});
resizes('antialias: Keras golden values, rows and columns', () => {
  assert.ok(difference(resized(eight, 3, { antialias: true }), [1.10526, 3.5, 5.89474]) < 1e-5);
  const of = program(shape(8, 1, 1), { output: shape(3, 1, 1), antialias: true });
  assert.ok(difference(run(of, Uint8Array.from(eight)), [1.10526, 3.5, 5.89474]) < 1e-5);
});
resizes('antialias changes nothing where nothing shrinks', () => {
  assert.equal(resized([0, 1, 2, 3], 8, { antialias: true }), resized([0, 1, 2, 3], 8));
});
resizes('nearest: Keras golden values, and floor((i + 0.5) * in / out) for many sizes', () => {
  assert.equal(resized(eight, 3, { interpolation: 'nearest' }), [1, 4, 6]);
  for (let from = 1; from <= 40; from++) {
    for (let to = 1; to <= 40; to++) {
      const values = Array.from({ length: from }, (_, i) => i);
      const expected = Array.from({ length: to }, (_, i) => Math.floor(((i * 2 + 1) * from) / (to * 2)));
      assert.equal(resized(values, to, { interpolation: 'nearest' }), expected, `${from} to ${to}`);
    }
  }
});
resizes('both axes, three channels, both layouts: the naive reference', () => {
  for (const layout of ['nhwc', 'nchw'] as const) {
    for (const output of [shape(20, 31, 3), shape(5, 4, 3), shape(9, 3, 3)]) {
      const of = program(shape(9, 7, 3), { output, layout });
      const pixels = noise(of.source);
      assert.ok(difference(run(of, pixels), naive(of, pixels, given())) < 1e-4);
    }
  }
});
resizes.run();

const geometry = suite('kernel: geometry');

geometry('90 degrees counter-clockwise is the transposed image, bottom to top, exactly', () => {
  const n = 6;
  const pixels = noise(shape(n, n, 1));
  const expected = Float32Array.from({ length: n * n }, (_, i) => pixels[(i % n) * n + (n - 1 - Math.floor(i / n))]!);
  for (const interpolation of ['bilinear', 'nearest'] as const)
    for (const mode of MODES)
      assert.equal(
        run(program(shape(n, n, 1), { augment: [rotate(90, 90, mode)], interpolation }), pixels),
        expected,
        `${interpolation} ${mode}`,
      );
});
geometry('a flip at probability 1 reverses rows or columns; twice is the identity', () => {
  const source = shape(4, 5, 3);
  const pixels = noise(source);
  const at = (x: number, y: number, c: number) => pixels[(y * 5 + x) * 3 + c]!;
  const picture = (from: (x: number, y: number) => readonly [number, number]) =>
    Float32Array.from({ length: 60 }, (_, i) => at(...from(Math.floor(i / 3) % 5, Math.floor(i / 15)), i % 3));
  const flipped = (...augment: ImageStep[]) => run(program(source, { augment }), pixels);
  const [h, v] = [flip('horizontal', 1), flip('vertical', 1)];
  assert.equal(
    flipped(h),
    picture((x, y) => [4 - x, y]),
  );
  assert.equal(
    flipped(v),
    picture((x, y) => [x, 3 - y]),
  );
  assert.equal(
    flipped(h, v),
    picture((x, y) => [4 - x, 3 - y]),
  );
  assert.equal(flipped(h, h), Float32Array.from(pixels));
  assert.equal(flipped(v, h, v, h), Float32Array.from(pixels));
});
geometry('a random flip follows its draw, and two of them are independent', () => {
  const source = shape(1, 3, 1);
  const augment = [flip('horizontal'), flip('vertical'), flip('horizontal', 0.25)];
  const row = (...draws: number[]) => [...run(program(source, { augment }), Uint8Array.of(1, 2, 3), given(...draws))];
  assert.equal(row(0.49, 0.9, 0.9), [3, 2, 1]);
  assert.equal(row(0.5, 0.9, 0.9), [1, 2, 3]);
  assert.equal(row(0.1, 0.1, 0.2), [1, 2, 3]);
});
geometry('steps act in file order: flip then shift is not shift then flip', () => {
  const source = shape(1, 4, 1);
  const right = shift([0.25, 0.25], [0, 0]);
  const pixels = Uint8Array.of(1, 2, 3, 4);
  const mirror = flip('horizontal', 1);
  assert.equal([...run(program(source, { augment: [mirror, right] }), pixels)], [4, 4, 3, 2]);
  assert.equal([...run(program(source, { augment: [right, mirror] }), pixels)], [3, 2, 1, 1]);
});
geometry('zoom below 1 magnifies about the centre, above 1 shrinks (Keras: factor on output coordinates)', () => {
  const source = shape(1, 5, 1);
  const zoom = (factor: number): ImageStep => ({
    kind: 'zoom',
    x: [factor, factor],
    y: [1, 1],
    keep_aspect: false,
    fill: 'constant',
    fill_value: 0,
  });
  const pixels = Uint8Array.of(10, 20, 30, 40, 50);
  assert.equal([...run(program(source, { augment: [zoom(0.5)] }), pixels)], [20, 25, 30, 35, 40]);
  assert.equal([...run(program(source, { augment: [zoom(2)] }), pixels)], [0, 10, 30, 50, 0]);
});

/** Every fused step with a range; the fill is the same in all. */
const everyStep = (fill: FillMode): readonly ImageStep[] => [
  flip('horizontal'),
  rotate(-25, 25, fill, 30),
  shift([-0.2, 0.2], [-0.1, 0.15], fill, 30),
  { kind: 'zoom', x: [0.8, 1.3], y: [0.7, 1.2], keep_aspect: false, fill, fill_value: 30 },
  { kind: 'zoom', x: [0.8, 1.3], y: [0.8, 1.3], keep_aspect: true, fill, fill_value: 30 },
  { kind: 'zoom', x: [0.8, 1.3], y: [0.9, 1], keep_aspect: true, fill, fill_value: 30 },
  { kind: 'shear', degrees: [-15, 15], fill, fill_value: 30 },
  { kind: 'crop', share: [0.4, 1] },
  flip('vertical'),
  { kind: 'brightness', factor: [0.9, 1.1] },
  { kind: 'contrast', factor: [0.9, 1.1] },
  { kind: 'saturation', factor: [0.9, 1.1] },
  { kind: 'hue', degrees: [-10, 10] },
  { kind: 'channel_shift', amount: [-5, 5] },
];

const steps = suite('kernel: each step by itself equals the naive reference');
for (const mode of MODES) {
  everyStep(mode).forEach((step, i) => {
    steps(`${mode}: ${step.kind} (step ${i + 1})`, () => {
      for (const source of [shape(12, 15, 3), shape(9, 8, 1)]) {
        for (const layout of ['nhwc', 'nchw'] as const) {
          const of = program(source, { augment: [step], layout });
          for (let seed = 0; seed < 4; seed++) {
            // Values from 60 to 190: no clipping, which the reference does not know.
            const pixels = noise(source, seed).map((v) => 60 + v / 2);
            const [a, b] = [run(of, pixels, stream(seed, 'steps')), naive(of, pixels, stream(seed, 'steps'))];
            assert.ok(
              difference(a, b) < 1e-3,
              `${layout} ${source.channels} channels, seed ${seed}: ${difference(a, b)}`,
            );
          }
        }
      }
    });
  });
}
steps.run();

geometry('all steps fused equal all steps one by one, on images where every resampling is exact', () => {
  // On a ramp linear sampling loses nothing, so a chain of resampled images shows the same values as the one pass,
  // wherever no step reached outside. Small moves, and the middle of the image, stay inside.
  const small: readonly ImageStep[] = [
    rotate(-8, 8),
    flip('horizontal'),
    shift([-0.05, 0.05], [-0.05, 0.05]),
    { kind: 'brightness', factor: [0.9, 1] },
    { kind: 'zoom', x: [0.9, 1.05], y: [0.9, 1.05], keep_aspect: false, fill: 'nearest', fill_value: 0 },
    { kind: 'hue', degrees: [-10, 10] },
    { kind: 'shear', degrees: [-5, 5], fill: 'nearest', fill_value: 0 },
    flip('vertical'),
    { kind: 'crop', share: [0.8, 1] },
    { kind: 'contrast', factor: [0.8, 1.2] },
  ];
  const source = shape(30, 36, 3);
  for (const output of [source, shape(48, 40, 3), shape(24, 26, 3)]) {
    for (let seed = 0; seed < 6; seed++) {
      const of = program(source, { output, augment: small, order: [2, 1, 0], offset: [-103, -116, -123] });
      const [a, b] = [run(of, ramp(source), stream(seed, 'fused')), naive(of, ramp(source), stream(seed, 'fused'))];
      const middle = (values: Float32Array) =>
        Array.from(values).filter((_, i) => {
          const [x, y] = [Math.floor(i / 3) % output.width, Math.floor(i / 3 / output.width)];
          return Math.abs(x / output.width - 0.5) < 0.25 && Math.abs(y / output.height - 0.5) < 0.25;
        });
      assert.ok(middle(a).length > 100);
      assert.ok(difference(middle(a), middle(b)) < 1e-3, `seed ${seed}: ${difference(middle(a), middle(b))}`);
      assert.ok(difference(middle(a), middle(run(of, ramp(source), stream(seed + 50, 'fused')))) > 1);
    }
  }
});
geometry('resize before a turn, an antialiased one included: the resized image is what is turned', () => {
  const source = shape(30, 20, 3);
  const output = shape(10, 12, 3);
  const pixels = noise(source);
  const still = run(program(source, { output, antialias: true }), pixels);
  const turned = run(program(source, { output, antialias: true, augment: [rotate(180, 180)] }), pixels);
  const reversed = Array.from({ length: 120 }, (_, i) => [0, 1, 2].map((c) => still[(119 - i) * 3 + c]!)).flat();
  assert.ok(difference(turned, reversed) < 1e-4);
});
geometry.run();

const colour = suite('kernel: colour');

const one = (pixel: readonly number[], augment: readonly ImageStep[], more = {}): number[] => [
  ...run(program(shape(1, 1, pixel.length), { augment, ...more }), Uint8Array.from(pixel)),
];
const near = (actual: readonly number[], expected: readonly number[]) =>
  assert.ok(difference(actual, expected) < 1e-4, `${actual} is not ${expected}`);

colour('each step by its formula', () => {
  near(one([10, 100, 200], [{ kind: 'brightness', factor: [1.2, 1.2] }]), [12, 120, 240]);
  near(one([10, 100, 200], [{ kind: 'contrast', factor: [0.5, 0.5] }]), [68.75, 113.75, 163.75]);
  near(one([10, 100, 200], [{ kind: 'channel_shift', amount: [-10, -10] }]), [0, 90, 190]);
  // Grey value 0.299 * 10 + 0.587 * 100 + 0.114 * 200 = 84.49 (ITU-R BT.601).
  near(one([10, 100, 200], [{ kind: 'saturation', factor: [0, 0] }]), [84.49, 84.49, 84.49]);
  near(one([10, 100, 200], [{ kind: 'saturation', factor: [0.5, 0.5] }]), [47.245, 92.245, 142.245]);
});
colour('hue by a third of a turn takes red to green to blue, and keeps grey', () => {
  near(one([200, 100, 50], [{ kind: 'hue', degrees: [120, 120] }]), [50, 200, 100]);
  near(one([90, 90, 90], [{ kind: 'hue', degrees: [33, 33] }]), [90, 90, 90]);
});
colour('values are kept within 0..255 once, after all steps, in normalised units', () => {
  const bright: ImageStep = { kind: 'brightness', factor: [3, 3] };
  const dark: ImageStep = { kind: 'brightness', factor: [1 / 3, 1 / 3] };
  near(one([10, 100, 200], [bright]), [30, 255, 255]);
  near(one([10, 100, 200], [bright, dark]), [10, 100, 200]);
  const signed = { scale: [1 / 127.5, 1 / 127.5, 1 / 127.5], offset: [-1, -1, -1] };
  near(one([10, 100, 200], [bright], signed), [30 / 127.5 - 1, 1, 1]);
  near(one([10, 100, 200], [bright], { scale: [-1, -1, -1] }), [-30, -255, -255]);
});
colour('normalisation: order, scale and offset (caffe: BGR minus means)', () => {
  const caffe = { order: [2, 1, 0], offset: [-103.939, -116.779, -123.68] };
  near(one([10, 100, 200], [], caffe), [96.061, -16.779, -113.68]);
});
colour('grey to RGB repeats the channel, RGB to grey takes the grey value', () => {
  const rgb = { output: shape(1, 1, 3), order: [0, 1, 2], scale: [1, 2, 3], offset: [0, 0, 1] };
  near([...run(program(shape(1, 1, 1), rgb), Uint8Array.of(7))], [7, 14, 22]);
  near([...run(program(shape(1, 1, 3), { output: shape(1, 1, 1) }), Uint8Array.of(10, 100, 200))], [84.49]);
});
colour.run();

const emission = suite('kernel: emitted code');

emission('the cheapest form that fits', () => {
  const small = shape(8, 8, 3);
  const of = (augment: readonly ImageStep[], more = {}) => kernelForm(program(small, { augment, ...more }));
  assert.is(of([]), 'copy');
  assert.is(of([{ kind: 'brightness', factor: [0.5, 2] }]), 'copy');
  assert.is(of([flip('horizontal', 1), flip('horizontal', 1)]), 'copy');
  assert.is(of([flip('horizontal'), { kind: 'brightness', factor: [0.5, 2] }]), 'flip');
  assert.is(of([flip('horizontal'), shift([-1, 1], [0, 0])]), 'separable');
  assert.is(of([], { output: shape(16, 16, 3) }), 'separable');
  assert.is(of([rotate(-1, 1)]), 'affine');
  assert.is(of([rotate(0, 0)]), 'copy');
});
emission('a still image is a straight loop: no draws, no interpolation, constants folded', () => {
  const text = emitKernel(program(shape(8, 8, 1), { scale: [1 / 255] }));
  assert.not.match(text, /draw\(\)|Math|x0/);
  assert.match(text, 'into[at] = 0.00392156862745098 * v0;');
});
emission('what cannot vary is not drawn; draws follow the order of the file', () => {
  const of = program(shape(4, 4, 3), {
    augment: [flip('horizontal', 1), rotate(5, 5), { kind: 'brightness', factor: [0.5, 1] }, shift([-1, 1], [0, 0])],
  });
  const asked: number[] = [];
  run(of, noise(of.source), () => asked.push(asked.length) * 0.1);
  assert.is(asked.length, 2);
});
emission('a draw from 0 to 1 is taken once and used for all channels', () => {
  const of = program(shape(1, 1, 3), { augment: [{ kind: 'brightness', factor: [0, 1] }] });
  assert.equal([...run(of, Uint8Array.of(40, 80, 120), given(0.5))], [20, 40, 60]);
});
emission.run();
