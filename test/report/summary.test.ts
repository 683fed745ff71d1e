// The table of runs: alignment and what is left out when it is too narrow.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alignTable,
  commonFolder,
  RESULT_COLUMNS,
  resultTable,
  resultVerdict,
  summarize,
  sweepTable,
} from '../../src/report/summary.ts';
import { fakeRun } from '../support/fake-run.ts';

const summary = suite('summary');

const results = (() => {
  const last = fakeRun({ runs: ['A', 'a longer name'], epochs: 2 }).at(-1)!.event;
  return last.type === 'finished' ? last.runs : [];
})();

summary('a row has a cell for every head', () => {
  for (const row of resultTable(results)) assert.is(row.length, RESULT_COLUMNS.length);
});

summary('columns are aligned and go from the right when narrow', () => {
  const heads = ['run', 'test', 'epochs'];
  const rows = [
    ['A', '97.5%', '2'],
    ['long', '8.0%', '12'],
  ];
  assert.equal(alignTable(heads, rows, 80), ['run    test  epochs', 'A     97.5%       2', 'long   8.0%      12']);
  assert.equal(alignTable(heads, rows, 18), ['run    test', 'A     97.5%', 'long   8.0%']);
  assert.equal(alignTable(heads, rows, 3), ['run', 'A', 'lon']);
});

summary('a run that trained nothing is not told to train longer', () => {
  const facts = { images: { validation: 360, probe: 360 }, classes: 10, epochs: 0 };
  const untrained = { ...results[0]!, epochs: 0, train: { loss: 2.3, accuracy: 0.1 } };
  const said = summarize(untrained, facts).join('\n');
  assert.match(said, /^Done: 0 epochs in /);
  assert.not.match(said, /nderfitting|train longer/);
  assert.match(summarize({ ...untrained, epochs: 2 }, facts).join('\n'), /nderfitting/);
});

summary('repetitions of a sweep: mean and standard deviation of the sample', () => {
  const score = (accuracy: number) => ({ loss: 1, accuracy });
  const run = (name: string, test: number, validation: number | null) => ({
    ...results[0]!,
    name,
    test: score(test),
    validation: validation === null ? null : score(validation),
  });
  const runs = [
    run('a s=1', 0.8, 0.5),
    run('b s=1', 0.6, null),
    run('a s=2', 0.9, 0.5),
    run('b s=2', 0.7, null),
    run('c', 1, 1),
  ];
  // numpy.std([80, 90], ddof=1) and numpy.std([60, 70], ddof=1): 7.0711
  assert.equal(sweepTable(runs, ['a', 'b', 'a', 'b', 'c']), [
    ['a', '2', '85.0%', '±7.1', '50.0%', '±0.0'],
    ['b', '2', '65.0%', '±7.1', '-', '-'],
  ]);
  assert.equal(sweepTable(runs.slice(4), ['c']), []);
});

summary('fewer epochs than planned are said so', () => {
  const facts = { images: { validation: 360, probe: 360 }, classes: 10, epochs: 25 };
  assert.match(summarize({ ...results[0]!, status: 'early_stopped' }, facts)[0]!, /^Stopped early: 2 of 25 epochs in /);
  assert.match(summarize(results[0]!, { ...facts, epochs: 2 })[0]!, /^Done: 2 epochs in /);
});

summary('the verdict can be left to who shows it elsewhere', () => {
  const facts = { images: { validation: 360, probe: 360 }, classes: 10, epochs: 2 };
  const all = summarize(results[0]!, facts);
  assert.is(summarize(results[0]!, facts, { verdict: false }).length, all.length - 1);
});

summary('a run that diverged is not told to raise the learning rate', () => {
  const facts = { images: { validation: 360, probe: 360 }, classes: 10, epochs: 20 };
  const scores = { train: { loss: 1e20, accuracy: 0.1 }, validation: { loss: 1e20, accuracy: 0.1 } };
  const lines = summarize({ ...results[0]!, ...scores, status: 'diverged' }, facts);
  assert.match(lines[0]!, /try a smaller learning rate/);
  assert.not.match(lines.join('\n'), /raise the learning rate|nderfitting/);
});

summary('the folder of several runs is the one that holds theirs', () => {
  assert.is(commonFolder(results), 'runs/quickstart/2026-01-02T03-04-05');
  assert.is(commonFolder(results.slice(0, 1)), null);
  assert.is(commonFolder([results[0]!, { ...results[1]!, folder: 'elsewhere/x' }]), null);
});

summary('an interrupted run is still learning, not underfitting', () => {
  const facts = { images: { validation: 360, probe: 360 }, classes: 10, epochs: 20 };
  const weak = { ...results[0]!, train: { loss: 2, accuracy: 0.2 }, validation: { loss: 2, accuracy: 0.2 } };
  assert.is(resultVerdict({ ...weak, status: 'interrupted' }, facts).name, 'learning');
  assert.is(resultVerdict({ ...weak, status: 'early_stopped' }, facts).name, 'underfitting');
});

summary.run();
