// A finished run folder comes back as it was written, or says which file is damaged and what to do.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRunFolder } from '../../../src/runtime/run-folder/read-run-folder.ts';
import { RunFolderError } from '../../../src/runtime/run-folder/run-folder.ts';
import { damages, flipBit } from '../../support/damage.ts';
import { type FinishedRun, finishRun } from '../../support/finished-run.ts';

const reading = suite('a finished run folder');

let root = '';
let finished: FinishedRun;
reading.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  finished = await finishRun(join(root, 'runs'), {
    extras: { 'report.txt': 'good', 'predictions/test.bin': Uint8Array.of(7) },
  });
});
reading.after(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the folder that a test may damage; without `sums` nothing but the files themselves tells of damage. */
const copy = (sums = false): string => {
  const folder = join(root, 'copy');
  rmSync(folder, { recursive: true, force: true });
  cpSync(finished.folder, folder, { recursive: true });
  if (!sums) rmSync(join(folder, 'SHA256SUMS'));
  return folder;
};

const refused = async (folder: string): Promise<string> => {
  try {
    await readRunFolder(folder);
  } catch (error) {
    assert.instance(error, RunFolderError, String(error));
    return error instanceof Error ? error.message : '';
  }
  return assert.unreachable(`${folder} was read`) as never;
};

reading('comes back as it was written', async () => {
  const { folder, run, weights } = finished;
  const read = await readRunFolder(folder);
  assert.equal(read.run, run);
  assert.equal(read.plan.runs, [run]);
  assert.equal([...read.weights.keys()], [...weights.keys()]);
  for (const [name, values] of weights) assert.equal(read.weights.get(name), values, name);
  assert.is(read.topology.config.layers.length, 7);
  assert.equal(read.metadata, {
    classes: [...'0123456789'],
    image: run.data.image,
    source_image: { height: 8, width: 8, channels: 1 },
    resize: run.data.resize,
    normalize: run.data.normalize,
  });
  assert.is(read.result.status, 'done');
  assert.is(read.result.folder, folder);
  assert.ok(Number.isNaN(read.result.test?.loss));
});

reading('an interrupted run is one, too', async () => {
  const cut = await finishRun(join(root, 'cut'), { interrupted: true });
  assert.is((await readRunFolder(cut.folder)).result.status, 'interrupted');
});

const files = ['plan.yaml', 'result.json', 'model/model.json', 'model/weights.bin'];

for (const file of files) {
  for (const { what, apply } of damages) {
    // The end of a YAML file that is cut may be a plan all the same, and a number changed: the model's own files tell.
    if (file === 'plan.yaml' && what === 'cut at its end') continue;
    reading(`${file} that is ${what} is named, in one line`, async () => {
      const folder = copy();
      apply(join(folder, file));
      const message = await refused(folder);
      assert.ok(message.includes(file.split('/').at(-1)!), message);
      assert.match(message, /^[^\n]+: [^\n]+$/);
    });
  }
}

reading('any flipped bit of the weights is noticed', async () => {
  const size = statSync(join(finished.folder, 'model/weights.bin')).size;
  for (const at of [0, 1, size >> 1, size - 1]) {
    const folder = copy();
    flipBit(join(folder, 'model/weights.bin'), at);
    assert.match(await refused(folder), /weights\.bin is damaged: its bytes are not those that the run wrote: /);
  }
});

for (const file of ['plan.yaml', 'result.json', 'model/model.json', 'model/weights.bin']) {
  reading(`every flipped bit of ${file} is noticed by the checksums of the folder`, async () => {
    const size = statSync(join(finished.folder, file)).size;
    for (let i = 0; i < 40; i += 1) {
      const folder = copy(true);
      flipBit(join(folder, file), Math.floor(((i + 0.5) * size) / 40));
      assert.match(await refused(folder), /is not as the run left it \(SHA256SUMS\): restore it from a copy/);
    }
  });
}

reading('checksums are those that sha256sum checks', () => {
  const { status, stderr } = spawnSync('sha256sum', ['-c', '--quiet', '--strict', 'SHA256SUMS'], {
    cwd: finished.folder,
    encoding: 'utf8',
  });
  if (status !== null) assert.is(status, 0, stderr);
});

for (const file of ['plan.yaml', 'result.json', 'model/model.json']) {
  reading(`flipped bits of ${file} are noticed or harmless, never an internal error`, async () => {
    const { length } = readFileSync(join(finished.folder, file));
    const folder = copy();
    const whole = readFileSync(join(folder, file));
    let noticed = 0;
    for (let at = 0; at < length; at += Math.ceil(length / 120)) {
      writeFileSync(join(folder, file), whole);
      flipBit(join(folder, file), at);
      try {
        await readRunFolder(folder);
      } catch (error) {
        assert.instance(error, RunFolderError, `byte ${at}: ${error instanceof Error ? error.stack : error}`);
        noticed += 1;
      }
    }
    assert.ok(noticed > 20, `${noticed} noticed`);
  });
}

/** Changes a JSON file of the folder. */
const edit = (folder: string, file: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(join(folder, file), 'utf8');
  const after = before.replace(from, to);
  assert.is.not(after, before);
  writeFileSync(join(folder, file), after);
};

const foreign: readonly (readonly [string, string, string | RegExp, string, RegExp])[] = [
  [
    'another layer in the plan',
    'plan.yaml',
    'units: 10',
    'units: 11',
    /plan\.yaml is of another network than model\/weights\.bin, whose weights are with 1280 values/,
  ],
  [
    'another image in the plan',
    'plan.yaml',
    /height: 8, width: 8/,
    'height: 9, width: 8',
    /plan\.yaml and model\/model\.json differ in image/,
  ],
  ['other classes', 'model/model.json', '"0","1",', '"0",', /differ in classes/],
  [
    'no metadata, as an earlier version wrote',
    'model/model.json',
    '"resize"',
    '"resized"',
    /does not say how images are prepared/,
  ],
  [
    'a weight of another type',
    'model/model.json',
    '"shape":[10],"dtype":"float32"',
    '"shape":[10],"dtype":"uint8"',
    /its list of weights/,
  ],
  [
    'a weight of another shape',
    'model/model.json',
    '"shape":[10]',
    '"shape":[11]',
    /weights\.bin has \d+ bytes, and the weights of model\.json are \d+/,
  ],
];

for (const [what, file, from, to, message] of foreign) {
  reading(`files that do not belong together: ${what}`, async () => {
    const folder = copy();
    edit(folder, file, from, to);
    assert.match(await refused(folder), message);
  });
}

reading('what is no folder of one finished run is refused, with what to name', async () => {
  assert.match(await refused(join(root, 'nowhere')), /nowhere is not there: name the folder of a run/);
  assert.match(await refused(join(finished.folder, 'plan.yaml')), /is a file: name the folder of a run/);
  mkdirSync(join(root, 'empty'));
  assert.match(await refused(join(root, 'empty')), /result\.json is missing: name the folder of a finished run/);
  const one = await finishRun(join(root, 'several'), { name: 'A' });
  await finishRun(join(root, 'several'), { name: 'B' });
  assert.match(await refused(join(one.folder, '..')), /holds several runs: name one of .*A, .*B$/);
  const partial = join(root, '.partial-x');
  renameSync(copy(), partial);
  rmSync(join(partial, 'result.json'));
  assert.match(await refused(partial), /has not ended: go on with it by tlp run --resume/);
});

reading('extra files lie beside the others', () => {
  assert.is(readFileSync(join(finished.folder, 'report.txt'), 'utf8'), 'good');
  assert.equal([...readFileSync(join(finished.folder, 'predictions/test.bin'))], [7]);
});

reading.run();
