// Seeded randomness: independent streams by seed and path, the same numbers on every machine.
// Only integer arithmetic and IEEE + - * / and square root are used: Math.log and Math.cos may differ between machines.

/** Uniform numbers in [0, 1), multiples of 2^-32. */
export type Random = () => number;

/**
 * The stream of a seed and a path, e.g. `stream(seed, 'init', 'conv2d/kernel')`. Different paths give independent
 * streams; path parts keep their type (1 and '1' differ). Generator: sfc32 (128 bits of state, passes PractRand),
 * started from a 128-bit hash of seed and path.
 */
export function stream(seed: number, ...path: readonly (string | number)[]): Random {
  const state = new Int32Array(hash128(JSON.stringify([seed, ...path])));
  const next = () => {
    const b = state[1] as number;
    const c = state[2] as number;
    const d = state[3] as number;
    const sum = ((state[0] as number) + b + d) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = d + 1;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i += 1) next();
  return () => next() / 4294967296;
}

/** One standard normal number a draw, by inversion of the distribution function; within ±6.34. */
export function normal(random: Random): number {
  return normalQuantile(random() + 2 ** -33);
}

/** Standard normal cut to ±2, one a draw, by inversion. */
export function truncatedNormal(random: Random): number {
  const below = 0.0227501319481792; // Φ(-2)
  return normalQuantile(below + (random() + 2 ** -33) * (1 - 2 * below));
}

/**
 * One number of the beta distribution with parameters a, b > 0, from two gamma numbers: X / (X + Y). Written with their
 * logarithms, since for small parameters both may be too small for a double.
 */
export function beta(random: Random, a: number, b: number): number {
  const x = logGamma(random, a);
  return 1 / (1 + portableExp(logGamma(random, b) - x));
}

/**
 * Logarithm of one number of the gamma distribution of this shape (scale 1): G. Marsaglia and W. W. Tsang, "A simple method for
 * generating gamma variables", ACM Transactions on Mathematical Software 26 (2000); below 1 by gamma(shape) = gamma(shape + 1) U^(1 / shape).
 */
function logGamma(random: Random, shape: number): number {
  if (shape < 1) {
    const larger = logGamma(random, shape + 1);
    return larger + portableLog(random() + 2 ** -33) / shape;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  while (true) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const logV = portableLog(v);
    if (portableLog(random() + 2 ** -33) < (x * x) / 2 + d * (1 - v + logV)) return portableLog(d) + logV;
  }
}

/** Four 32-bit words; every character moves all of them (multiply-xor rounds with the murmur3 finaliser). */
function hash128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  return [mix(h1 ^ h3), mix(h2 ^ h4), mix(h3 + h2), mix(h4 + h1)];
}

/** The 32-bit finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Natural logarithm of a normal positive double from + - * / alone; error below 4e-16 relative. */
export function portableLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * s * sum + exponent * Math.LN2;
}

/** e^x from + - * / alone; 0 below -745, infinite above 709.8; error below 1e-12 relative. */
export function portableExp(x: number): number {
  if (x < -745.2) return 0;
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  // x = k ln 2 + r, |r| <= 0.347: the series of e^r, then k doublings or halvings
  const k = Math.round(x / Math.LN2);
  const r = x - k * Math.LN2;
  let value = 1;
  for (let n = 15; n >= 1; n -= 1) value = 1 + (value * r) / n;
  for (let i = 0; i < Math.abs(k); i += 1) value *= k < 0 ? 0.5 : 2;
  return value;
}

/**
 * Inverse of the standard normal distribution function for 0 < p < 1: M. J. Wichura, Algorithm AS 241 (PPND16),
 * Applied Statistics 37 (1988), relative error about 1e-16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, centralTop, centralBottom);
  const tail = Math.sqrt(-portableLog(q < 0 ? p : 1 - p));
  const value = tail <= 5 ? ratio(tail - 1.6, middleTop, middleBottom) : ratio(tail - 5, farTop, farBottom);
  return q < 0 ? -value : value;
}

/** Ratio of two polynomials of degree 7, highest coefficient first. */
function ratio(x: number, top: readonly number[], bottom: readonly number[]): number {
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < 8; i += 1) {
    numerator = numerator * x + (top[i] as number);
    denominator = denominator * x + (bottom[i] as number);
  }
  return numerator / denominator;
}

const centralTop = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const centralBottom = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const middleTop = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const middleBottom = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const farTop = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const farBottom = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
