// What a pipe or a log file receives: one aligned line an epoch, nothing that only a terminal understands.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lines } from '../../src/report/lines.ts';
import { type FakeOptions, fakeRun } from '../support/fake-run.ts';
import { golden, goldensAreUsed } from '../support/golden.ts';

const report = suite('report lines');

const written = (options: FakeOptions): string => {
  let text = '';
  const listener = lines((part) => {
    assert.ok(part.endsWith('\n'), 'only whole lines are written');
    text += part;
  });
  for (const { event } of fakeRun(options)) listener(event);
  return text;
};

const cases: Readonly<Record<string, FakeOptions>> = {
  done: { warning: 'images are 8x8; a backbone of its own would not see much.' },
  'no-validation': { validation: false, epochs: 2 },
  'several-runs': { runs: ['A: linear', 'B: mlp'], epochs: 2 },
  'early-stopped': { ends: { after: 5, status: 'early_stopped' }, gap: 0.2 },
  interrupted: { ends: { after: 2, status: 'interrupted' } },
  diverged: { ends: { after: 3, status: 'diverged' } },
};

for (const [name, options] of Object.entries(cases))
  report(name, () => {
    const text = written(options);
    assert.match(text, /^[\x20-\x7e\n]*$/, 'printable characters only');
    golden(`report/${name}.txt`, text);
  });

report('a preparation that says how far it is gets one line a tenth', () => {
  let text = '';
  const listener = lines((part) => {
    text += part;
  });
  for (let i = 0; i <= 100; i++) listener({ type: 'preparing', run: 'A', what: `${i}%`, share: i / 100 });
  listener({ type: 'preparing', run: 'A', what: 'compiling' });
  assert.is(text.split('\n').filter(Boolean).length, 12);
});

report('every golden belongs to a case', () => {
  goldensAreUsed(
    'report',
    Object.keys(cases).map((name) => `report/${name}.txt`),
  );
});

report('the columns of every epoch end at the same places', () => {
  const rows = written({ epochs: 12 })
    .split('\n')
    .filter((line) => /^ +(epoch {2}train|\d+\/12)/.test(line));
  assert.is(rows.length, 13);
  assert.equal([...new Set(rows.map((row) => row.length))], [rows[0]!.length]);
});

report('colour and line breaks inside a message do not get through', () => {
  let text = '';
  lines((part) => {
    text += part;
  })({ type: 'warning', message: 'one\r\ntwo \u001b[31mred\u001b[0m\u0007' });
  assert.is(text, 'warning: one two red\n');
});

report.run();
