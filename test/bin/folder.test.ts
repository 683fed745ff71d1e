// `tlp run` over a folder of images, from a working folder that is not the pipeline's. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunEvent } from '../../src/runtime/events.ts';

const tlp = resolve('dist/tlp.js');
const cli = suite('tlp run: image files');

const pipeline = `data {
  source folder("img/train", test: "img/test")
  size 8x8
  validation 25% of train
}

backbone cnn { conv 4 3x3 relu }
head { flatten }
schedule { batch 8; epochs 15; optimizer adam(lr: 3e-2) }
`;

let root = '';
cli.before(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-folder-'));
  writeFileSync(join(root, 'p.tlp'), pipeline);
  for (const [name, level] of Object.entries({ dark: 40, light: 210 }))
    for (const split of ['train', 'test']) {
      const folder = join(root, 'img', split, name);
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < 40; i++) {
        const [width, height] = [8 + (i % 5), 8 + (i % 3)];
        const data = Uint8Array.from({ length: width * height * 3 }, (_, j) => level + ((i * 7 + j * 13) % 20));
        writeFileSync(join(folder, `${i}.png`), encode({ width, height, data, channels: 3, depth: 8 }));
      }
    }
});
cli.after(() => rmSync(root, { recursive: true, force: true }));

const run = () =>
  spawnSync(
    process.execPath,
    [tlp, 'run', join(root, 'p.tlp'), '--json', '--device', 'cpu', '--out', join(root, 'runs')],
    {
      cwd: tmpdir(),
      encoding: 'utf8',
      timeout: 60_000,
    },
  );

cli('images of different sizes train a network with one output for each folder', () => {
  const { status, stdout, stderr } = run();
  assert.is(status, 0, stderr);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as RunEvent;
  if (last.type !== 'finished') throw new Error(`the last line is ${last.type}`);
  const [result] = last.runs;
  // 4 kernels of 3x3x3 and 4 biases; 6x6x4 features to 2 classes.
  assert.is(result!.parameters.total, 4 * 27 + 4 + 144 * 2 + 2);
  assert.is(result!.test!.accuracy, 1);
  assert.match(readFileSync(join(result!.folder, 'plan.yaml'), 'utf8'), /classes: 2\n/);
});

cli('a truncated image is named before anything is trained', () => {
  const file = join(root, 'img/train/dark/3.png');
  writeFileSync(file, readFileSync(file).subarray(0, 40));
  const { status, stderr } = run();
  assert.is(status, 2);
  assert.match(stderr, /^tlp: .*3\.png is truncated: its end is missing\. Replace it by .*\n$/);
});

cli.run();
