// Verb: a large number, or a number of bytes → three digits with the prefix that suits.
import { grouped } from '../compiler/layers/print.ts';

/** Three digits with the prefix that suits: 3.9 G, 92 k. */
export const amount = (value: number): string => {
  const [unit, name] = units.find(([size]) => value >= size) ?? [1, ''];
  const n = value / unit;
  return `${n >= 100 || Number.isInteger(n) ? grouped(Math.round(n)) : n.toFixed(1)}${name === '' ? '' : ` ${name}`}`;
};

const units: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** The same of bytes: 10.2 MB. */
export const bytesText = (value: number): string => `${amount(value)}${value >= 1e3 ? '' : ' '}B`;
