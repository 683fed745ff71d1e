// Sweeps: a run for each combination, and what is set from outside.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckOptions, checkText } from '../../../src/compiler/check.ts';
import type { Plan } from '../../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';

const test = suite('sweep');

const planOf = (text: string, options: CheckOptions = {}): Plan => {
  const { plan, diagnostics } = checkText(text, 'test.tlp', options);
  assert.ok(plan !== null, diagnostics.map((d) => d.message).join('\n'));
  assert.equal(verifyPlan(plan), []);
  return plan;
};

const base = 'data { source cifar10 }\nbackbone cnn { conv 8 3x3 }\n';

test('a sweep makes a run of each combination', () => {
  const plan = planOf(`param lr = 1e-3
param rate = 50%
${base}head { flatten; dropout rate }
schedule { optimizer adam(lr: lr) }
sweep { lr in [1e-2, 1e-4]; rate in 20%..40% step 10% }`);
  assert.equal(
    plan.runs.map((run) => [
      run.name,
      run.stages[0]!.optimizer.lr,
      run.head.flatMap((l) => (l.kind === 'dropout' ? l.rate : []))[0],
    ]),
    [
      ['test lr=0.01 rate=20%', 0.01, 0.2],
      ['test lr=0.01 rate=30%', 0.01, 0.3],
      ['test lr=0.01 rate=40%', 0.01, 0.4],
      ['test lr=0.0001 rate=20%', 0.0001, 0.2],
      ['test lr=0.0001 rate=30%', 0.0001, 0.3],
      ['test lr=0.0001 rate=40%', 0.0001, 0.4],
    ],
  );
});

test('a param that is set from outside is not swept', () => {
  const text = `param lr = 1e-3
param rate = 50%
${base}head { flatten; dropout rate }
schedule { optimizer adam(lr: lr) }
sweep { lr in [1e-2, 1e-4]; rate in [20%, 40%] }`;
  const runs = planOf(text, { set: ['lr=5e-3'] }).runs;
  assert.equal(
    runs.map((run) => [run.name, run.stages[0]!.optimizer.lr]),
    [
      ['test rate=20%', 0.005],
      ['test rate=40%', 0.005],
    ],
  );
});

test.run();
