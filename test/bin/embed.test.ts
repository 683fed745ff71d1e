// `tlp embed` as a person calls it. Needs `npm run build`.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

const cli = suite('tlp embed');

let place: Workplace;

cli.before(() => {
  place = openWorkplace();
  place.put(
    'p.tlp',
    'data { source digits; limit 20 (test: 10) }\nbackbone cnn { conv 4 3x3 relu; global_average_pooling }\nfreeze backbone\nhead { dense 8 relu }\n',
  );
  mkdirSync(join(place.folder, 'img'));
  place.put('img/a.png', encode({ width: 8, height: 8, channels: 1, depth: 8, data: new Uint8Array(64) }));
});
cli.after(() => place.remove());

const embed = (...args: readonly string[]) => place.tlp(['embed', 'p.tlp', ...args, '--device', 'cpu']);

cli('features and a table of a pipeline', () => {
  const { status, stdout, stderr } = embed('--out', 'x.npy');
  assert.is(status, 0, stderr);
  assert.match(stdout, /^30 rows of 4 features \(\w+\) in x\.npy, names and classes in x\.csv\n$/);
  const lines = place.get('x.csv').trimEnd().split('\n');
  assert.is(lines.length, 31);
  assert.match(lines[1]!, /^train\/\d+,\d,train$/);
});

cli('an image that cannot be read is named and left out', () => {
  place.put('img/b.png', 'nothing');
  const { status, stderr } = embed('img', '--out', 'y.npy');
  assert.is(status, 2);
  assert.match(stderr, /tlp: img\/b\.png is no image of a kind that is read\./);
  assert.is(place.get('y.csv'), 'image,class\nimg/a.png,\n');
});

const wrong: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['no place to write to', [], /required option '--out <file>' not specified/],
  ['another format', ['--out', 'x.csv'], /^tlp: x\.csv is no name for features: write --out features\.npy\n$/],
  ['a run that is not there', ['--out', 'z.npy', '--run', 'B'], /^tlp: this file has no run "B": /m],
  ['a folder that is not there', ['--out', 'no/z.npy'], /^tlp: no\/z\.npy cannot be made there: /m],
];
for (const [what, args, says] of wrong) {
  cli(`${what} is refused`, () => {
    const { status, stdout, stderr } = embed(...args);
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, says);
    assert.not(readdirSync(place.folder).some((name) => name.startsWith('z.')));
  });
}

cli.run();
