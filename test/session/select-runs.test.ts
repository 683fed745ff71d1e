// The plan that is left after the options of the command line.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { limitImages, selectRuns } from '../../src/session/select-runs.ts';
import { digitsRun } from '../support/digits-plan.ts';

const select = suite('runs and options');

const plan: Plan = {
  version: 1,
  pipeline: 'p',
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
