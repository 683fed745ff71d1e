// What `tlp plan --against` takes besides a pipeline: damaged, it is one line with file, cause and cure.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePlans } from '../../src/compiler/compare-plans.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { holdsPlan, readPlan } from '../../src/session/read-plan.ts';
import { damages, flipBit } from '../support/damage.ts';
import { digitsPlan } from '../support/digits-plan.ts';
import { finishRun } from '../support/finished-run.ts';

const against = suite('a plan to compare with');

let root = '';
let folder = '';
let whole = '';
against.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  whole = (await finishRun(join(root, 'runs'))).folder;
});
against.before.each(() => {
  folder = join(root, 'copy');
  rmSync(folder, { recursive: true, force: true });
  cpSync(whole, folder, { recursive: true });
});
against.after(() => rmSync(root, { recursive: true, force: true }));

const attempt = (path: string): Promise<Plan | RunFolderError> =>
  readPlan(path).catch((error: unknown) => {
    assert.instance(error, RunFolderError, error instanceof Error ? error.stack : String(error));
    return error as RunFolderError;
  });

against('is in the folder of a run, or a file of YAML or JSON', async () => {
  writeFileSync(join(root, 'plan.json'), JSON.stringify(digitsPlan()));
  for (const path of [folder, join(folder, 'plan.yaml'), join(root, 'plan.json')]) {
    assert.ok(holdsPlan(path));
    assert.equal(await readPlan(path), digitsPlan());
  }
  assert.not.ok(holdsPlan('p.tlp'));
});

for (const { what, apply } of damages) {
  against(`that is ${what} is named, with the cure`, async () => {
    apply(join(folder, 'plan.yaml'));
    const error = await attempt(folder);
    if (!(error instanceof RunFolderError)) {
      assert.is(what, 'cut at its end');
      return;
    }
    assert.match(
      error.message,
      /plan\.yaml [^\n]+: name the folder of one run, a plan as YAML or JSON, or a pipeline$/,
    );
  });
}

against('with a flipped bit is noticed, or is another plan that can be compared', async () => {
  const file = join(folder, 'plan.yaml');
  const bytes = readFileSync(file);
  let noticed = 0;
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 150)) {
    writeFileSync(file, bytes);
    flipBit(file, at);
    const read = await attempt(folder);
    if (read instanceof RunFolderError) noticed += 1;
    else comparePlans(read, digitsPlan());
  }
  assert.ok(noticed > 50, `${noticed} noticed`);
});

against.run();
