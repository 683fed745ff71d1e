// `tlp predict` as a person calls it. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { finishRun } from '../support/finished-run.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const cli = suite('tlp predict');

let place: Workplace;
let run = '';

const picture = (level: number): Uint8Array =>
  encode({ width: 8, height: 8, channels: 1, depth: 8, data: new Uint8Array(64).fill(level) });

cli.before(async () => {
  place = openWorkplace();
  run = (await finishRun(join(place.folder, 'runs'))).folder;
  mkdirSync(join(place.folder, 'img'));
  place.put('img/a.png', picture(0));
  place.put('img/b, "c".png', picture(200));
});
cli.after(() => place.remove());

const predict = (...args: readonly string[]) => place.tlp(['predict', run, '--device', 'cpu', ...args]);

cli('a table with the image, its class, how sure it is, and what else it may be', () => {
  const { status, stdout, stderr } = predict('img', '--top', '2');
  assert.equal([status, stderr], [0, '']);
  const lines = stdout.trimEnd().split('\n');
  assert.is(lines[0], 'image           class  confidence  then');
  assert.match(lines[1]!, /^img\/a\.png {7}\d {6}\d\d?\.\d% {6,7}\d \d\d?\.\d%$/);
  assert.match(lines[2]!, /^img\/b, "c"\.png {2}\d {6}/);
  assert.is(lines.length, 3);
});

cli('CSV quotes names, and JSON lines say the same', () => {
  const csv = predict('img', '--csv', '--top', '1').stdout.trimEnd().split('\n');
  assert.is(csv[0], 'image,class,confidence');
  const [, file, name, confidence] = /^"(img\/b, ""c""\.png)",(\d),(0\.\d+)$/.exec(csv[2]!)!;
  const json = predict('img', '--json', '--top', '1').stdout.trimEnd().split('\n');
  const line: unknown = JSON.parse(json[1]!);
  const top = [{ class: name, confidence: Number(confidence) }];
  assert.equal(line, { image: file!.replaceAll('""', '"'), ...top[0], top });
});

cli('an unreadable image is named on standard error and makes the exit code 2', () => {
  place.put('broken.png', 'nothing');
  const { status, stdout, stderr } = predict('broken.png', 'img/a.png', '--json');
  assert.is(status, 2);
  assert.match(stderr, /^tlp: broken\.png is no image of a kind that is read\. .*\n$/);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  assert.equal(lines[0], { image: 'broken.png', error: stderr.slice('tlp: '.length).trimEnd() });
  assert.is(lines.length, 2);
});

const wrong: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['no class of each image', ['img', '--top', '0'], /--top.* '0' is invalid/],
  ['two formats', ['img', '--json', '--csv'], /^tlp: choose one: --json or --csv\n$/],
  ['no image', [], /missing required argument 'images'/],
];
for (const [what, args, says] of wrong) {
  cli(`${what} is refused`, () => {
    const { status, stdout, stderr } = predict(...args);
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, says);
  });
}

cli('a damaged run folder is named', () => {
  const { status, stderr } = place.tlp(['predict', 'img', 'img/a.png']);
  assert.is(status, 2);
  assert.match(stderr, /^tlp: img\/result\.json is missing: name the folder of a finished run\n$/);
});

cli('a reader that closes its end early is no failure', () => {
  const many = Array.from({ length: 3000 }, () => 'img/a.png').join(' ');
  const command = `'${process.execPath}' '${resolve('dist/tlp.js')}' predict '${run}' --device cpu --json ${many} | head -n 1`;
  const { status, stdout } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: place.folder,
    encoding: 'utf8',
  });
  assert.is(status, 0);
  assert.is(stdout.trimEnd().split('\n').length, 1);
});

cli.run();
