// Errors as a person sees them, and the plan that is left after the options of the command line.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError, reportFailure } from '../../bin/commands/fail.ts';
import { limitImages, selectRuns } from '../../bin/commands/select-runs.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { EngineError } from '../../src/runtime/engine/engine.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { digitsRun } from '../support/digits-plan.ts';

const fail = suite('failures');

const said = (error: unknown): { readonly code: number; readonly text: string } => {
  let text = '';
  const code = reportFailure(error, (part) => {
    text += part;
  });
  return { code, text };
};

fail('what a person can cure is one line and exit 2', () => {
  for (const Kind of [DataError, EngineError, RunFolderError, CommandError]) {
    assert.equal(said(new Kind('no room\nfree some')), { code: 2, text: 'tlp: no room free some\n' });
  }
  assert.is(said(new CommandError('wrong file', 1)).code, 1);
});

fail('an internal error is told apart, with an id that is the same each time and no stack', () => {
  const broken = (): unknown => {
    try {
      return (null as unknown as { readonly x: number }).x;
    } catch (error) {
      return error;
    }
  };
  const [first, second] = [1, 2].map(() => said(broken()));
  assert.is(first?.code, 2);
  assert.match(first!.text, /^tlp: internal error [0-9a-f]{8}, please report it: .*\(TLP_DEBUG=1 shows more\)\n$/);
  assert.is(first!.text.split(' ')[3], second!.text.split(' ')[3]);
});

fail('TLP_DEBUG=1 shows the stack', () => {
  process.env.TLP_DEBUG = '1';
  try {
    assert.match(said(new RangeError('x')).text, /\n\s+at /);
  } finally {
    delete process.env.TLP_DEBUG;
  }
});

fail.run();

const select = suite('runs and options');

const plan: Plan = {
  ...{ version: 1, pipeline: 'p' },
  runs: [digitsRun({ name: 'b', continues: 'a' }), digitsRun({ name: 'a' }), digitsRun({ name: 'c' })],
};
const namesOf = ({ runs }: Plan): string => runs.map(({ name }) => name).join(' ');

select('a run stands after the one it continues', () => assert.is(namesOf(selectRuns(plan, {})), 'a b c'));

select('--run takes along what it continues', () => {
  assert.is(namesOf(selectRuns(plan, { run: 'b' })), 'a b');
  assert.is(namesOf(selectRuns(plan, { run: 'c' })), 'c');
  assert.throws(() => selectRuns(plan, { run: 'd' }), 'this file has no run "d": it has "b", "a", "c"');
});

select('--epochs and --seed replace those of the file, 0 included', () => {
  const [run] = selectRuns(plan, { run: 'a', epochs: 0, seed: 0 }).runs;
  assert.is(run?.stages[0]?.epochs, 0);
  assert.is(run?.seed, 0);
});

select('--limit takes the same share of the test images, within the limits of the file', () => {
  const counts = { train: 400, test: 100 };
  const free = digitsRun({ data: { ...digitsRun().data, limit: { train: null, test: null } } });
  const limit = (most: number | undefined) => limitImages(free, most, counts).data.limit;
  assert.equal(limit(64), { train: 64, test: 16 });
  assert.equal(limit(1), { train: 1, test: 1 });
  assert.equal(limit(1000), { train: 400, test: 100 });
  assert.equal(limit(undefined), { train: null, test: null });
  assert.equal(limitImages(digitsRun(), 150, { train: 1437, test: 360 }).data.limit, { train: 150, test: 25 });
});

select.run();
