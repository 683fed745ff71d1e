// What cannot be run yet is named, each once; the rest is what compiler and trainer take.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { pipeline } from '../../../src/compiler/findings/example.ts';
import type { Plan } from '../../../src/compiler/plan/plan.ts';
import { notRunYet, notRunYetLine, trainablePlan, trainableRun } from '../../../src/compiler/plan/trainable.ts';

const test = suite('trainable');

const planOf = (text: string): Plan => {
  const { plan, diagnostics } = checkText(text, 'a.tlp');
  assert.ok(plan !== null, diagnostics.map((d) => d.message).join());
  return plan;
};

test('what is not there yet is named in the words of the file, each once', () => {
  const [run] = planOf(
    pipeline({
      augment: 'blur 1\n  flip horizontal\n  blur 2',
      validation: 'validation folder("images")',
    }),
  ).runs;
  assert.equal(notRunYet(run!), ['augment `blur`', '`validation folder`']);
  const found = trainableRun(run!);
  assert.equal('missing' in found && found.missing, {
    run: 'a',
    reasons: ['augment `blur`', '`validation folder`'],
  });
});

test('a run that starts from one that cannot be trained cannot be trained either; the others can', () => {
  const plan = planOf(
    pipeline({
      after: [
        'run "a" { augment { blur 1 } }',
        'run "b" continues "a" { augment none; epochs 3 }',
        'run "c" { augment none }',
      ].join('\n'),
    }),
  );
  const { plan: left, missing } = trainablePlan(plan);
  assert.equal(
    left.runs.map(({ name }) => name),
    ['c'],
  );
  assert.is(notRunYetLine(missing), 'not run yet: augment `blur` (run "a"); it starts from "a" (run "b")');
  assert.is('run' in trainableRun(plan.runs[1]!), true);
});

test.run();
