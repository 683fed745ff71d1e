// What `tlp plan` finds in the folder of caches, by what is known before anything is compiled.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { factsOf } from '../../src/compiler/facts.ts';
import { featureFolder } from '../../src/runtime/cache/cache-root.ts';
import { featureIdentity } from '../../src/runtime/cache/feature-identity.ts';
import { keptFeatures } from '../../src/session/kept-features.ts';

const test = suite<{ folder: string }>('kept features');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const planOf = (weights: string, data = 'source cifar10; size 32x32', freeze = 'backbone') =>
  checkText(
    `data { ${data} }\nbackbone vgg16 { weights ${weights} }\nhead { flatten }\nfreeze ${freeze}\nschedule { epochs 2 }`,
    'p.tlp',
  ).plan!;

const identityOf = (...given: Parameters<typeof planOf>): string | null =>
  featureIdentity(planOf(...given).runs[0]!, ['block5_pool']);

test('the identity follows weights, size and normalization, and nothing else', ({ folder }) => {
  const path = join(folder, 'w.h5');
  writeFileSync(path, 'one');
  const file = `file("${path}")`;
  const before = identityOf(file);
  assert.is(identityOf(file), before);
  assert.is(identityOf(file, 'source mnist; size 32x32'), before, 'rows are found by image');
  assert.is.not(identityOf(file, 'source cifar10; size 64x64'), before);
  assert.is.not(identityOf(file, 'source cifar10; size 32x32; normalize unit'), before);
  assert.is.not(identityOf('imagenet'), before);
  utimesSync(path, 1, 1);
  assert.is.not(identityOf(file), before, 'a file written anew');
  assert.is(identityOf('file("nowhere.h5")'), null);
  assert.is(featureIdentity({ ...planOf(file).runs[0]!, continues: 'another' }, []), null);
});

test('counts the images of the cache of that identity; null where nothing is kept', ({ folder }) => {
  const plan = planOf('imagenet');
  const facts = plan.runs.map((run) => factsOf(run));
  const asked = (p = plan) =>
    keptFeatures(
      p,
      p.runs.map((run) => factsOf(run)),
      { TLP_CACHE: folder },
    );
  assert.equal(asked(), [0]);
  const frontier = facts[0]!.stages[0]!.cacheable!.features.map(({ layer }) => layer);
  const place = join(featureFolder(folder), '0123456789ab');
  mkdirSync(place, { recursive: true });
  const identity = featureIdentity(plan.runs[0]!, frontier);
  const about = { backbone: 'vgg16', frontier, image: '32x32x3', engine: 'onnx, cpu', identity };
  writeFileSync(join(place, 'about.json'), JSON.stringify(about));
  // a cache without shards: nothing of it counts
  assert.equal(asked(), [0]);
  assert.equal(asked(planOf('imagenet', undefined, 'none')), [null]);
});

test.run();
