// `tlp export` as a person calls it: on a finished run, on what is none, and the formats that the table of commands offers.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../bin/command-table.ts';
import { formats } from '../../src/session/export-run.ts';
import { finishRun } from '../support/finished-run.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const exporting = suite<{ place: Workplace }>('tlp export');

exporting.before.each((context) => {
  context.place = openWorkplace();
});
exporting.after.each(({ place }) => place.remove());

exporting('writes a file named after pipeline in the working folder and says so; no second time', async ({ place }) => {
  const { folder } = await finishRun(place.folder);
  const { status, stdout } = place.tlp(['export', folder, '--to', 'onnx']);
  assert.is(status, 0);
  assert.is(stdout, 'wrote digits.onnx\n');
  assert.ok(existsSync(join(place.folder, 'digits.onnx')));
  const again = place.tlp(['export', folder, '--to', 'onnx']);
  assert.is(again.status, 2);
  assert.match(again.stderr, /^tlp: digits.onnx is there already: choose another place with --out, or replace it/);
});

exporting('what is no run folder, and a format that there is not, in one line', ({ place }) => {
  const { status, stderr } = place.tlp(['export', 'nowhere', '--to', 'onnx']);
  assert.is(status, 2);
  assert.is(stderr, 'tlp: nowhere is not there: name the folder of a run, such as runs/NAME/TIME\n');
  assert.is(place.tlp(['export', 'nowhere', '--to', 'gguf']).status, 2);
});

exporting('the table of commands offers the formats that there are', () => {
  const table = commands.find(({ usage }) => usage.startsWith('export '));
  const to = table?.options.find(({ flags }) => flags.startsWith('--to '));
  assert.equal(to?.choices, Object.keys(formats));
});

exporting.run();
