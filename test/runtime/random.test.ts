// Seeded streams: the same everywhere, independent by path, distributed as they say.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  beta,
  normal,
  normalQuantile,
  portableExp,
  portableLog,
  stream,
  truncatedNormal,
} from '../../src/runtime/random.ts';

const test = suite('random');
const draws = 200_000;

test('the numbers of a seed never change', () => {
  // Written down once: a change breaks the promise that a seed gives the same training.
  const random = stream(42, 'init', 'dense/kernel');
  assert.equal([random(), random(), random()], [0.2091019859071821, 0.10888780560344458, 0.868408543523401]);
});

test('the normal numbers of a seed never change either', () => {
  const random = stream(42, 'noise');
  assert.equal([normal(random), truncatedNormal(random)], [-0.9617203972502097, -0.39347532857661555]);
});

test('streams differ by seed, path, type and order of parts', () => {
  const first = (seed: number, ...path: (string | number)[]) => stream(seed, ...path)();
  const values = [
    first(1, 'init'),
    first(2, 'init'),
    first(1, 'shuffle'),
    first(1, 'shuffle', 1),
    first(1, 'shuffle', '1'),
    first(1, 'shuffle', 1, 2),
    first(1, 'shuffle', 12),
    first(1, 'a', 'bc'),
    first(1, 'ab', 'c'),
  ];
  assert.is(new Set(values).size, values.length);
});

test('uniform: range, mean 1/2, variance 1/12, even bins, neighbours uncorrelated', () => {
  const random = stream(7, 'uniform');
  const values = Array.from({ length: draws }, random);
  assert.ok(values.every((x) => x >= 0 && x < 1));
  const [mean, variance] = moments(values);
  near(mean, 0.5, 0.003);
  near(variance, 1 / 12, 0.001);
  const bins = new Array(100).fill(0);
  for (const x of values) bins[Math.floor(x * 100)] += 1;
  // Chi-square of 99 degrees: mean 99, standard deviation 14.
  const chi = bins.reduce((sum, n) => sum + (n - draws / 100) ** 2 / (draws / 100), 0);
  assert.ok(chi > 50 && chi < 160, `chi-square ${chi}`);
  near(correlation(values.slice(1), values.slice(0, -1)), 0, 0.01);
});

test('streams of neighbouring paths are uncorrelated', () => {
  const one = stream(7, 'augment', 1);
  const two = stream(7, 'augment', 2);
  const first = Array.from({ length: draws }, one);
  near(correlation(first, Array.from({ length: draws }, two)), 0, 0.01);
});

test('normal: mean 0, variance 1, kurtosis 3', () => {
  const random = stream(7, 'normal');
  const values = Array.from({ length: draws }, () => normal(random));
  const [mean, variance] = moments(values);
  near(mean, 0, 0.01);
  near(variance, 1, 0.02);
  near(values.reduce((sum, x) => sum + x ** 4, 0) / draws / variance ** 2, 3, 0.1);
});

test('truncated normal: within 2, standard deviation 0.8796 (the constant that Keras divides by)', () => {
  const random = stream(7, 'truncated');
  const values = Array.from({ length: draws }, () => truncatedNormal(random));
  assert.ok(values.every((x) => Math.abs(x) <= 2));
  near(Math.sqrt(moments(values)[1]), 0.8796256610342398, 0.005);
});

test('quantiles of the normal distribution as in its tables', () => {
  for (const [p, z] of [
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.9999, 3.719016485455709],
    [0.841344746068543, 1],
    [1e-9, -5.997807015007687],
    [1e-15, -7.941345326170997],
  ] as const) {
    near(normalQuantile(p), z, 1e-12);
  }
});

test('the portable logarithm agrees with Math.log', () => {
  for (const x of [1e-300, 1e-10, 0.3, 0.71, 1, 1.41, 2, 10, 12345.678, 1e300]) {
    near(portableLog(x), Math.log(x), 4e-16 * Math.max(1, Math.abs(Math.log(x))));
  }
});

test('the portable exponential agrees with Math.exp', () => {
  for (const x of [-745.1, -700, -30.7, -1, -1e-9, 0, 0.34, 0.35, 1, 12.3, 700]) {
    near(portableExp(x), Math.exp(x), 1e-12 * Math.exp(x) + 5e-324);
  }
  assert.equal([portableExp(-1e9), portableExp(1e9)], [0, Number.POSITIVE_INFINITY]);
});

interface BetaCase {
  readonly a: number;
  readonly b: number;
  readonly mean: number;
  readonly variance: number;
  readonly quantiles: readonly number[];
}
const fromNumpy: { readonly levels: readonly number[]; readonly cases: readonly BetaCase[] } = JSON.parse(
  readFileSync(new URL('../support/beta/beta.json', import.meta.url), 'utf8'),
);
for (const { a, b, mean, variance, quantiles } of fromNumpy.cases) {
  test(`beta(${a}, ${b}): moments and quantiles of NumPy's draws (test/support/beta/beta.py)`, () => {
    const random = stream(7, 'beta', a, b);
    const values = Array.from({ length: draws }, () => beta(random, a, b));
    assert.ok(values.every((x) => x >= 0 && x <= 1));
    const [ownMean, ownVariance] = moments(values);
    near(ownMean, mean, 0.005);
    near(ownVariance, variance, 0.003);
    for (const [i, quantile] of quantiles.entries()) {
      if (quantile > 0.9999) continue;
      const below = values.filter((x) => x <= quantile).length / draws;
      near(below, fromNumpy.levels[i]!, 0.005);
    }
  });
}

test('the beta numbers of a seed never change either', () => {
  const random = stream(42, 'mix');
  assert.equal(
    [beta(random, 0.2, 0.2), beta(random, 1, 1), beta(random, 3, 0.5)],
    [0.0002476771082220054, 0.8713250977898843, 0.9980770978631777],
  );
});

function moments(values: readonly number[]): readonly [number, number] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length];
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, varianceA] = moments(a);
  const [meanB, varianceB] = moments(b);
  const covariance = a.reduce((sum, x, i) => sum + (x - meanA) * ((b[i] ?? 0) - meanB), 0) / a.length;
  return covariance / Math.sqrt(varianceA * varianceB);
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test.run();
