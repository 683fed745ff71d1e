// `tlp evaluate` as a person calls it. Needs `npm run build`.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { finishRun } from '../support/finished-run.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const cli = suite('tlp evaluate');

let place: Workplace;
let run = '';

cli.before(async () => {
  place = openWorkplace();
  run = (await finishRun(join(place.folder, 'runs'))).folder;
});
cli.after(() => place.remove());

const evaluate = (...args: readonly string[]) => place.tlp(['evaluate', run, '--device', 'cpu', ...args]);

cli('accuracy, top-5, loss and a report by class', () => {
  const { status, stdout, stderr } = evaluate();
  assert.equal([status, stderr], [0, '']);
  assert.match(stdout, / on 50 images of the test split\n/);
  assert.match(stdout, /\nAccuracy \d+\.\d\d%, top-5 accuracy \d+\.\d%, loss \d+\.\d+\.\n/);
  // This folder's result is made up.
  assert.match(stdout, /\nThe run itself measured accuracy 50\.0%, loss NaN: on another machine or device\.\n/);
  assert.match(stdout, /\nclass {13}precision {2}recall {6}f1 {2}images\n0 {20}/);
  assert.match(stdout, /\nweighted average {5}0\.\d{4} {2}0\.\d{4} {2}0\.\d{4} {6}50\n$/);
});

cli('JSON is one object with every number unrounded', () => {
  const { status, stdout } = evaluate('--json', '--split', 'train');
  assert.is(status, 0);
  const found = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  assert.equal([found.measured, found.images, found.recorded], ['train', 240, null]);
  assert.ok(Array.isArray(found.classes));
});

cli('the data of a pipeline, and a pipeline with errors', () => {
  place.put(
    'data.tlp',
    'data { source digits; limit 100 (test: 30) }\nbackbone cnn { flatten }\nhead { dropout 10% }\n',
  );
  const { status, stdout, stderr } = evaluate('--data', 'data.tlp');
  assert.is(status, 0, stderr);
  assert.match(stdout, / on 30 images of the test split\n/);
  place.put('wrong.tlp', 'data { sauce digits }\n');
  assert.is(evaluate('--data', 'wrong.tlp').status, 1);
  const missing = evaluate('--data', 'nowhere.tlp');
  assert.is(missing.status, 1);
  assert.match(missing.stderr, /nowhere\.tlp/);
});

cli.run();
