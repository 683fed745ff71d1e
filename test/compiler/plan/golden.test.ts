// The plan of every pipeline as a run folder keeps it: test/golden/<pipeline>/plan.yaml.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { checkText } from '../../../src/compiler/check.ts';
import { printPlan } from '../../../src/compiler/plan/print.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';
import { golden } from '../../support/golden.ts';

const test = suite('golden plans');

const folder = new URL('../../../pipelines/', import.meta.url);

for (const name of readdirSync(folder).filter((file) => file.endsWith('.tlp'))) {
  test(`${name}: plan as YAML`, () => {
    const { plan } = checkText(readFileSync(new URL(name, folder), 'utf8'), `pipelines/${name}`);
    assert.ok(plan !== null);
    assert.equal(verifyPlan(plan), []);
    const yaml = printPlan(plan);
    assert.equal(parse(yaml), plan, 'the YAML says the same as the plan');
    golden(`${name.replace('.tlp', '')}/plan.yaml`, yaml);
  });
}

test.run();
