// Frames of the terminal UI as text, at several widths and moments, against goldens.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FakeOptions, fakeRun, type Timed } from '../support/fake-run.ts';
import { golden, goldensAreUsed } from '../support/golden.ts';
import { play } from '../support/play-events.ts';
import { frame, PLAIN } from './frames.ts';

const frames = suite('ui frames');

const RUNS = ['A: no training', 'B: feature extraction', 'C: fine-tuning'];

const training = ({ event }: Timed): boolean => event.type === 'step' && event.epoch === 5 && event.step === 7;
const evaluating = ({ event }: Timed): boolean =>
  event.type === 'evaluating' && event.epoch === 2 && event.what === 'validation' && event.step === 2;
const preparing = ({ event }: Timed): boolean => event.type === 'preparing';
const loading = ({ event }: Timed): boolean => event.type === 'preparing' && event.what.startsWith('loading');
const secondPreparing = ({ event }: Timed): boolean => event.type === 'preparing' && event.run === RUNS[1];
const secondRun = ({ event }: Timed): boolean =>
  event.type === 'step' && event.run === 'C: fine-tuning' && event.epoch === 2;

interface Case {
  readonly name: string;
  readonly script: FakeOptions;
  readonly until?: (timed: Timed) => boolean;
  readonly columns: readonly number[];
  readonly unicode?: boolean;
  readonly rows?: number;
}

const cases: readonly Case[] = [
  { name: 'preparing', script: {}, until: preparing, columns: [80] },
  { name: 'loading', script: {}, until: loading, columns: [80, 40] },
  { name: 'preparing-second', script: { runs: RUNS }, until: secondPreparing, columns: [80] },
  { name: 'training', script: { gap: 0.08 }, until: training, columns: [120, 80, 40] },
  { name: 'evaluating', script: {}, until: evaluating, columns: [80] },
  { name: 'ascii', script: { gap: 0.08 }, until: training, columns: [80], unicode: false },
  { name: 'low-terminal', script: { gap: 0.08 }, until: training, columns: [80], rows: 16 },
  { name: 'no-validation', script: { validation: false }, columns: [80] },
  { name: 'done', script: { gap: 0.01 }, columns: [120, 80, 40] },
  { name: 'several-runs', script: { runs: RUNS }, until: secondRun, columns: [120, 80, 40] },
  { name: 'several-runs-done', script: { runs: RUNS }, columns: [80] },
  { name: 'early-stopped', script: { ends: { after: 5, status: 'early_stopped' }, gap: 0.2 }, columns: [80] },
  { name: 'interrupted', script: { ends: { after: 2, status: 'interrupted' } }, columns: [80, 40] },
  { name: 'diverged', script: { ends: { after: 3, status: 'diverged' } }, columns: [80, 40] },
];

const pathOf = ({ name }: Case, columns: number): string => `ui/${name}-${columns}.txt`;

for (const one of cases)
  for (const columns of one.columns)
    frames(`${one.name} at ${columns} columns`, () => {
      const theme = { ...PLAIN, unicode: one.unicode ?? true };
      const text = frame(play(fakeRun(one.script), one.until), columns, one.rows, theme);
      for (const line of text.split('\n')) assert.ok([...line].length <= columns, `too wide: ${line}`);
      golden(pathOf(one, columns), text);
    });

frames('every golden belongs to a case', () => {
  goldensAreUsed(
    'ui',
    cases.flatMap((one) => one.columns.map((columns) => pathOf(one, columns))),
  );
});

frames('a frame is always lower than the terminal, which would flicker otherwise', () => {
  const script = fakeRun({ runs: RUNS, epochs: 5, gap: 0.2, steps: 3, ends: { after: 4, status: 'early_stopped' } });
  const moments = [20, 60, script.length - 3, script.length];
  for (const columns of [30, 40, 59, 60, 80, 120])
    for (const rows of [18, 24, 30, 50])
      for (const moment of moments) {
        const text = frame(play(script.slice(0, moment)), columns, rows);
        // Very small terminals cannot hold even the text; from 24 rows (or 18 where lines are long) everything fits.
        if (rows < 24 && columns < 60) continue;
        const height = text.split('\n').length;
        assert.ok(height < rows, `${columns} x ${rows}: the frame after ${moment} events has ${height} lines\n${text}`);
      }
});

frames('an ASCII frame holds nothing but ASCII', () => {
  for (const until of [preparing, training, evaluating]) {
    const text = frame(play(fakeRun(), until), 80, 50, { color: false, unicode: false });
    assert.match(text, /^[\x20-\x7e\n]*$/);
  }
});

frames.run();
