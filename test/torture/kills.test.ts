// The short form of `npm run torture -- kills`: a few kills of each kind of small run. Needs `npm run build`.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killCases } from './kill-cases.ts';
import { killTrial, randomOf } from './kill-trial.ts';
import { referenceOf } from './run-trial.ts';

const test = suite('killed runs');

for (const [i, one] of killCases.entries()) {
  if (one.large) continue;
  test(`${one.name}: the end is that of a run that nothing stopped`, async () => {
    const reference = await referenceOf(one.text);
    const { problem } = await killTrial(one, reference, randomOf(100 + i));
    assert.is(problem, null);
  });
}

test.run();
