// The meter of a download at given times, and its line.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { progressMeter, progressText } from '../../../src/runtime/download/progress.ts';
import { sayProgress } from '../../../src/runtime/download/say-progress.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';

const test = suite('download progress');

test('the rate is that of the last five seconds', () => {
  let now = 0;
  const meter = progressMeter('x.h5', () => now);
  assert.equal(meter(0, 100e6), { file: 'x.h5', bytes: 0, total: 100e6, rate: 0, secondsLeft: null });
  now = 50;
  assert.is(meter(1, 100e6), null);
  now = 5000;
  assert.is(meter(10e6, 100e6)?.rate, 2e6);
  now = 10_000;
  assert.equal(meter(40e6, 100e6), { file: 'x.h5', bytes: 40e6, total: 100e6, rate: 6e6, secondsLeft: 10 });
  now = 10_001;
  assert.is(meter(100e6, 100e6)?.secondsLeft, 0);
});

test('a start from nothing begins a new measure', () => {
  let now = 0;
  const meter = progressMeter('x.h5', () => now);
  meter(50e6, null);
  now = 1000;
  assert.is(meter(0, null)?.rate, 0);
  now = 2000;
  assert.is(meter(1e6, null)?.rate, 1e6);
});

test('the line', () => {
  const at = { file: 'x.h5', bytes: 12e6, total: 58.9e6, rate: 3.1e6, secondsLeft: 15.1 };
  assert.is(progressText(at), 'downloading x.h5: 12.0 of 58.9 MB (20%), 3.1 MB/s, 16 s left');
  assert.is(
    progressText({ ...at, secondsLeft: 90 })
      .split(', ')
      .at(-1),
    '1 min 30 s left',
  );
  assert.is(progressText({ ...at, total: null, rate: 0, secondsLeft: null }), 'downloading x.h5: 12.0 MB');
});

test('listeners hear of it once a second, and of the end', () => {
  let now = 0;
  const events: RunEvent[] = [];
  const say = sayProgress(
    'A',
    (event) => events.push(event),
    () => now,
  );
  const at = (bytes: number) => say({ file: 'x.h5', bytes, total: 10e6, rate: 0, secondsLeft: null });
  at(0);
  now = 999;
  at(1e6);
  now = 1000;
  at(2e6);
  now = 1001;
  at(10e6);
  assert.equal(
    events.map((event) => event.type === 'preparing' && [event.run, event.share]),
    [
      ['A', 0],
      ['A', 0.2],
      ['A', 1],
    ],
  );
});

test.run();
