// A run on its way to training: its data looked at, its plan complete and verified after the last change.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../src/compiler/plan/verify.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { prepareRun } from '../../src/session/prepare-run.ts';
import { digitsPlan, digitsRun } from '../support/digits-plan.ts';
import { readyRun } from '../support/trainable.ts';

const prepare = suite('a prepared run');

const withData = (changes: Partial<RunPlan['data']>): RunPlan => {
  const run = digitsRun();
  return { ...run, data: { ...run.data, ...changes } };
};

const errorOf = async (run: RunPlan): Promise<unknown> =>
  prepareRun(digitsPlan(run), readyRun(run)).then(
    () => null,
    (error: unknown) => error,
  );

prepare(
  'has classes, outputs and limits as the data and the options want them, in a plan that fits the schema',
  async () => {
    const other = digitsRun({ name: 'other' });
    const planned = withData({ classes: null, limit: { train: null, test: null } });
    const said: string[] = [];
    const { plan, run, data } = await prepareRun(digitsPlan(other, planned), readyRun(planned), {
      limit: 100,
      say: (what) => said.push(what),
    });
    assert.equal(plan.runs, [run]);
    assert.equal(verifyPlan(plan), []);
    assert.is(run.data.classes, 10);
    assert.equal(run.head.at(-1), digitsRun().head.at(-1));
    // The digits are 1437 images to train on and 360 to test: 100 / 1437 of 360 is 25.05.
    assert.equal(run.data.limit, { train: 100, test: 25 });
    assert.is(data.test.length, 25);
    assert.equal(said, ['opening the data', 'compiling the training graphs']);
  },
);

prepare('is refused where the data have other classes than its plan', async () => {
  const error = await errorOf(withData({ classes: 9 }));
  assert.instance(error, DataError);
  assert.match(String(error), 'have 10 classes and its plan has 9: bring the data back');
});

prepare('whose plan does not fit its schema after the last change is our mistake', async () => {
  const error = await errorOf({ ...digitsRun(), seed: 0.5 });
  assert.not.instance(error, DataError);
  assert.match(String(error), /the plan of run "main" does not fit its schema: \/runs\/0\/seed must be integer/);
});

prepare.run();
