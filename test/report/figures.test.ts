// How figures are written: boundaries of units and rounding.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { count, duration, loss, percent, plural, points, rate, speed } from '../../src/report/figures.ts';

const figures = suite('figures');

const table = <T>(name: string, write: (value: T) => string, rows: readonly (readonly [T, string])[]): void =>
  figures(name, () => {
    for (const [value, text] of rows) assert.is(write(value), text);
  });

table('count', count, [
  [0, '0'],
  [23587712, '23,587,712'],
]);
table<number | null>('percent', percent, [
  [0.975, '97.5%'],
  [1, '100.0%'],
  [null, '-'],
  [Number.NaN, '-'],
]);
table<number | null>('points', points, [
  [0.0312, '+3.1 points'],
  [-0.0312, '-3.1 points'],
  [-0.0001, '+0.0 points'],
  [null, '-'],
]);
table<number | null>('loss', loss, [
  [0.08124, '0.0812'],
  [12.345, '12.35'],
  [123.45, '123.5'],
  [1234567, '1.2e+6'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [null, '-'],
]);
table('learning rate', rate, [
  [1e-3, '0.001'],
  [8e-4, '8e-4'],
  [1e-5, '1e-5'],
  [2.5e-4, '2.5e-4'],
  [0.1, '0.1'],
  [0.05 / 3, '0.0167'],
  [0, '0'],
]);
table<number | null>('duration', duration, [
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [65, '1 min 05 s'],
  [3599.6, '1 h 00 min'],
  [3720, '1 h 02 min'],
  [7199, '2 h 00 min'],
  [-3, '0.0 s'],
  [null, '-'],
]);
table('speed', speed, [
  [9.87, '9.9'],
  [1532.4, '1,532'],
  [Number.POSITIVE_INFINITY, '-'],
]);

figures('plural', () => {
  assert.is(plural(1, 'epoch'), '1 epoch');
  assert.is(plural(2, 'class', 'classes'), '2 classes');
});

figures.run();
