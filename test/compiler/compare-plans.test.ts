// What a change of the file makes worthless, case by case.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { comparePlans } from '../../src/compiler/compare-plans.ts';
import { pipeline } from '../../src/compiler/findings/example.ts';

const test = suite('compare plans');

const planOf = (text: string) => {
  const { plan, diagnostics } = checkText(text, 'a.tlp');
  assert.ok(plan !== null, diagnostics.map((d) => d.message).join());
  return plan;
};
const compare = (before: string, after: string) => comparePlans(planOf(before), planOf(after));

const base = {
  source: 'cifar10',
  data: 'size 32x32',
  validation: 'validation 10% of train',
  freeze: 'freeze backbone',
  backbone: 'backbone mobilenetv2 { weights none }',
  head: 'global_average_pooling\n  dense 8 relu',
  schedule: 'epochs 5',
};
const changed = (more: object) => {
  const [run] = compare(pipeline(base), pipeline({ ...base, ...more }));
  assert.is(run!.status, 'changed');
  return { paths: run!.changes.map(({ path }) => path), ...run!.effects! };
};

test('layout, comments, names of values and written defaults change nothing', () => {
  const other = `// the same\nlet n = 5\n${pipeline({ ...base, schedule: 'batch 32; epochs n' }).replaceAll('  ', '\t')}`;
  assert.equal(
    compare(pipeline(base), other).map(({ status, changes }) => [status, changes.length]),
    [['same', 0]],
  );
});

test('more epochs: trained weights are stale and would fit, features stay', () => {
  const { paths, trained, fresh, cache, comparable } = changed({ schedule: 'epochs 9' });
  assert.equal(
    [paths, trained, fresh, cache, comparable],
    [['stages[0].epochs'], { stale: true, fit: true, misfits: [] }, [], 'good', true],
  );
});

test('another head: its layers are new, features stay', () => {
  const wider = changed({ head: 'global_average_pooling\n  dense 16 relu' });
  assert.equal(wider.paths, ['head[1].units']);
  assert.equal(wider.trained.misfits, ['dense', 'predictions']);
  assert.equal(wider.fresh, ['dense', 'predictions']);
  assert.is(wider.cache, 'good');
  const longer = changed({ head: 'global_average_pooling\n  dense 16 relu\n  dense 8 relu' });
  assert.equal(longer.paths, ['head[1]']);
});

test('another size, seed, normalization or frozen part: features are worthless', () => {
  assert.is(changed({ data: 'size 64x64' }).cache, 'stale');
  assert.is(changed({ data: 'size 32x32\n  normalize signed' }).cache, 'stale');
  assert.is(changed({ freeze: 'freeze backbone except last 9 layers' }).cache, 'stale');
  const seeded = changed({ before: 'seed 2' });
  assert.is(seeded.cache, 'stale');
  assert.ok(seeded.fresh!.length > 50 && seeded.trained.fit);
  assert.is(changed({ freeze: 'freeze none' }).cache, 'stale');
  assert.is(changed({ augment: 'flip horizontal' }).cache, 'stale');
});

test('other test images cannot be compared with', () => {
  assert.is(changed({ source: 'cifar100' }).comparable, false);
  assert.is(changed({ data: 'size 32x32\n  limit(test: 100)' }).comparable, false);
  assert.is(changed({ data: 'size 32x32\n  limit 1000' }).comparable, true);
});

test('runs are paired by name; what continues a changed run is changed', () => {
  const runs = (a: string, rest: string): string => pipeline({ ...base, after: `run "a" { epochs ${a} }\n${rest}` });
  const found = compare(
    runs('1', 'run "b" continues "a" { epochs 3 }\nrun "c" { epochs 4 }\nrun "d" { epochs 4 }'),
    runs('2', 'run "b" continues "a" { epochs 3 }\nrun "c" { epochs 4 }\nrun "e" { epochs 4 }'),
  );
  assert.equal(
    found.map(({ name, status, inherited }) => `${name} ${status} ${inherited}`),
    ['a changed null', 'b changed a', 'c same null', 'e added null', 'd removed null'],
  );
  assert.is(found[1]!.effects?.cache, 'stale');
});

test.run();
