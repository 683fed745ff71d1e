// Bench: images/s of the fused preprocessing kernels, against the same steps done one by one on whole float images
// (the reference of the tests, written for clarity, not for speed).
// Run: node --import tsx bench/preprocess.ts
import { emitKernel } from '../src/compiler/kernels/emit-kernel.ts';
import type { ImageStep, PreprocessProgram } from '../src/compiler/kernels/preprocess.ts';
import { compileKernel } from '../src/runtime/loader/compile-kernel.ts';
import { stream } from '../src/runtime/random.ts';
import { naive } from '../test/compiler/kernels/naive.ts';

const SECONDS = 1.5;

const augment: readonly ImageStep[] = [
  { kind: 'flip', axis: 'horizontal', probability: 0.5 },
  { kind: 'rotate', degrees: [-20, 20], fill: 'nearest', fill_value: 0 },
  { kind: 'shift', x: [-0.1, 0.1], y: [-0.1, 0.1], fill: 'nearest', fill_value: 0 },
];

const program = (size: number, steps: readonly ImageStep[]): PreprocessProgram => {
  const image = { height: size, width: size, channels: 3 };
  return {
    source: image,
    output: image,
    layout: 'nchw',
    interpolation: 'bilinear',
    antialias: false,
    augment: steps,
    batch: [],
    order: [0, 1, 2],
    scale: [1 / 255, 1 / 255, 1 / 255],
    offset: [0, 0, 0],
  };
};

/** Images a second: after a warm-up of a tenth of the time, the mean over `SECONDS`. */
const rate = (once: (i: number) => void): number => {
  const measure = (seconds: number): number => {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < seconds * 1000) {
      for (let i = 0; i < 4; i++) once(count + i);
      count += 4;
    }
    return (count * 1000) / (performance.now() - start);
  };
  measure(SECONDS / 10);
  return measure(SECONDS);
};

const cases: readonly (readonly [string, PreprocessProgram])[] = [
  ['32x32x3, no augmentation', program(32, [])],
  ['32x32x3, flip + rotate + shift', program(32, augment)],
  ['224x224x3, flip + rotate + shift', program(224, augment)],
];

console.log(
  `${'preprocessing'.padEnd(34)} ${'fused'.padStart(12)} ${'step by step'.padStart(14)} ${'ratio'.padStart(8)}`,
);
for (const [name, of] of cases) {
  const { height, width, channels } = of.output;
  const draw = stream(1, 'bench');
  const pixels = Uint8Array.from({ length: height * width * channels }, () => draw() * 256);
  const batch = new Float32Array(8 * height * width * channels);
  const kernel = compileKernel(emitKernel(of));
  const fused = rate((i) => kernel(pixels, batch, (i % 8) * height * width * channels, draw));
  const steps = rate((i) => batch.set(naive(of, pixels, draw), (i % 8) * height * width * channels));
  const figures = [`${fused.toFixed(0)} /s`.padStart(12), `${steps.toFixed(0)} /s`.padStart(14)];
  console.log(`${name.padEnd(34)} ${figures.join(' ')} ${`${(fused / steps).toFixed(1)}x`.padStart(8)}`);
}
