// `tlp plan` as a person reads it, as JSON, and against another plan. Needs `npm run build`.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { golden, goldensAreUsed } from '../support/golden.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const test = suite('tlp plan');

let place: Workplace;
test.before(() => {
  place = openWorkplace();
});
test.after(() => place.remove());

const text = `data { source digits; size 16x16; validation 20% of train }
augment soft { rotate 10deg; brightness 20% }
backbone cnn { conv 8 3x3 same relu; max_pool 2x2; conv 16 3x3 same relu }
head { global_average_pooling; dropout 20% }
schedule {
  batch 64
  stage "head" { freeze backbone; epochs 3 }
  stage "all" { epochs 5; optimizer adam(lr: 1e-4); learning_rate cosine; clip norm 1; early_stopping(patience: 2) }
}
run "plain" { augment none }
run "soft" continues "plain" { augment soft; epochs 2 }
`;

test('the plan as YAML, what follows from it as comments, the summary last', () => {
  place.put('p.tlp', text);
  const { status, stdout } = place.tlp(['plan', 'p.tlp']);
  assert.is(status, 0);
  golden('plan/two-runs.txt', stdout);
  assert.equal(parse(stdout), JSON.parse(place.tlp(['plan', 'p.tlp', '--json']).stdout));
  assert.match(stdout.trim().split('\n').at(-1)!, /^# Plan: 2 runs; at most 12 epochs; 216 steps; /);
});

test('--json is the plan alone; --facts puts it into an envelope', () => {
  place.put('p.tlp', text);
  const { plan, facts } = JSON.parse(place.tlp(['plan', 'p.tlp', '--json', '--facts', '--run', 'plain']).stdout);
  assert.equal(plan, JSON.parse(place.tlp(['plan', 'p.tlp', '--json', '--run', 'plain']).stdout));
  assert.equal(facts[0].images, { train: 1149, validation: 288, test: 360 });
  assert.equal(facts[0].stages[0].cacheable.features, [{ layer: 'global_average_pooling2d', shape: [16] }]);
  assert.is(facts[0].stages[1].cacheable, null);
});

test('--against a pipeline, a plan and a run folder', () => {
  place.put('p.tlp', text);
  place.put('q.tlp', text.replace('epochs 3', 'epochs 4').replace('size 16x16', 'size 32x32'));
  const shown = place.tlp(['plan', 'q.tlp', '--against', 'p.tlp']);
  assert.is(shown.status, 0);
  golden('plan/against.txt', shown.stdout);
  place.put('p.json', place.tlp(['plan', 'p.tlp', '--json']).stdout);
  assert.is(place.tlp(['plan', 'q.tlp', '--against', 'p.json']).stdout, shown.stdout.replace('p.tlp', 'p.json'));
  place.put('plan.yaml', place.tlp(['plan', 'p.tlp']).stdout);
  assert.is(place.tlp(['plan', 'q.tlp', '--against', '.']).stdout, shown.stdout.replace('p.tlp', '.'));
  const { runs } = JSON.parse(place.tlp(['plan', 'q.tlp', '--against', 'p.tlp', '--json']).stdout);
  assert.is(runs[0].effects.cache, 'stale');
  assert.match(place.tlp(['plan', 'p.tlp', '--against', 'p.tlp']).stdout, /0 changed, 0 added, 0 removed, 2 the same/);
});

test('what is no plan is refused in one line', () => {
  place.put('p.tlp', text);
  place.put('other.json', '{"version": 1}');
  place.put('broken.json', '{');
  for (const other of ['other.json', 'broken.json', 'nowhere.yaml']) {
    const { status, stderr } = place.tlp(['plan', 'p.tlp', '--against', other]);
    assert.is(status, 2, other);
    assert.match(
      stderr,
      /^tlp: .* (is no plan|is missing).*: name the folder of one run, a plan as YAML or JSON, or a pipeline\n$/,
    );
  }
  assert.is(place.tlp(['plan', 'p.tlp', '--against', 'nowhere.tlp']).status, 1);
});

test('no golden without a test', () => goldensAreUsed('plan', ['plan/two-runs.txt', 'plan/against.txt']));

test.run();
