// Golden layers of every pipeline in pipelines/: test/golden/<pipeline>/layers.yaml, one YAML document a run.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import { frozenLayers } from '../../../src/compiler/layers/freeze.ts';
import { printLayers } from '../../../src/compiler/layers/print.ts';
import type { RunPlan } from '../../../src/compiler/plan/plan.ts';
import { golden } from '../../support/golden.ts';

const test = suite('layers/golden');
const folder = fileURLToPath(new URL('../../../pipelines/', import.meta.url));

for (const file of readdirSync(folder).filter((name) => name.endsWith('.tlp'))) {
  test(`layers of ${file}`, () => {
    const { plan } = checkText(readFileSync(`${folder}${file}`, 'utf8'), file);
    assert.ok(plan, `${file} has errors`);
    golden(`${plan.pipeline}/layers.yaml`, plan.runs.map(document).join('---\n'));
  });
}

/** The layers as the first stage of the run trains them. */
function document(run: RunPlan, index: number): string {
  const { model, problems } = buildLayers(run, `/runs/${index}`);
  assert.equal(problems, []);
  const stage = run.stages[0];
  const policy = stage ? frozenLayers(model, stage.freeze) : { frozen: new Set<string>(), problems: [] };
  assert.equal(policy.problems, []);
  return `run: ${JSON.stringify(run.name)}\n${printLayers(model, policy.frozen, stage?.freeze.batch_norm)}`;
}

test.run();
