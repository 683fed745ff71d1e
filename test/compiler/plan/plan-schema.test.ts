// The schema of the plan: what the tables of the vocabulary say of a value, AJV holds a plan to.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import type { LayerPlan, Plan, RunPlan } from '../../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';
import { augmentations } from '../../../src/compiler/vocabulary/augment.ts';
import { layers } from '../../../src/compiler/vocabulary/layers.ts';
import { fileAround } from '../../support/snippet.ts';

const test = suite('plan schema');

const planOf = (place: string, text: string): Plan => {
  const { plan } = checkText(fileAround(place, text), 'example.tlp');
  assert.ok(plan !== null, text);
  return plan;
};

const withRun = (plan: Plan, change: Partial<RunPlan>): Plan => ({
  ...plan,
  runs: plan.runs.map((run) => ({ ...run, ...change })),
});

test('takes the example of every layer and augmentation', () => {
  for (const [name, { example }] of Object.entries(layers))
    assert.equal(verifyPlan(planOf('layers', example)), [], name);
  for (const [name, { example }] of Object.entries(augmentations)) {
    assert.equal(verifyPlan(planOf('augment', example)), [], name);
  }
});

test('refuses what lies outside of the range in the table', () => {
  const plan = planOf('augment', 'hue 10deg');
  assert.equal(verifyPlan(plan), []);
  assert.equal(verifyPlan(withRun(plan, { augment: [{ kind: 'hue', degrees: [-180, 180] }] })), []);
  assert.equal(verifyPlan(withRun(plan, { augment: [{ kind: 'hue', degrees: [-200, 10] }] })), [
    '/runs/0/augment/0/degrees/0 must be >= -180',
  ]);
  const dropout = (rate: number): LayerPlan => ({ kind: 'dropout', rate, name: null });
  const head = plan.runs[0]!.head;
  assert.equal(verifyPlan(withRun(plan, { head: [dropout(0), ...head] })), []);
  assert.equal(verifyPlan(withRun(plan, { head: [dropout(1), ...head] })), ['/runs/0/head/0/rate must be < 1']);
});

test('refuses a word of another table', () => {
  const plan = planOf('schedule', 'optimizer sgd(lr: 0.1)');
  const stage = { ...plan.runs[0]!.stages[0]!, optimizer: { kind: 'relu', lr: 0.1 } };
  assert.is.not(verifyPlan({ ...plan, runs: [{ ...plan.runs[0], stages: [stage] }] }).length, 0);
});

test('the layer for the classes may wait for their number', () => {
  const plan = planOf('data', 'source folder("images")');
  assert.is(plan.runs[0]!.data.classes, null);
  assert.equal(verifyPlan(plan), []);
});

test.run();
