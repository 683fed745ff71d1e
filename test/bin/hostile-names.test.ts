// Names with escape sequences, in files, classes and runs: nothing that a terminal acts on comes out, and tables get no formula. Needs `npm run build`.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

interface Context {
  place: Workplace;
  run: string;
}

const ESC = '\u001b';
const classes = [`${ESC}[31mcat`, 'dog\u0007\u009b2J', '=HYPERLINK(1)'];
const text = `data { source folder("img"); size 8x8; channels 1; validation 25% of train stratified }
backbone cnn { conv 2 3x3; flatten }
head { dense 4 }
schedule { epochs 1; stage "=1+1" { epochs 1 } }
run "${ESC}[32mgreen${ESC}]0;title\u0007" {}
run "other" { epochs 0 }
`;

const hostile = suite<Context>('hostile names');
hostile.before((context) => {
  const place = openWorkplace();
  for (const [at, name] of classes.entries()) {
    mkdirSync(join(place.folder, 'img', name), { recursive: true });
    for (let i = 0; i < 6; i += 1) {
      const data = new Uint8Array(64).fill(at * 80 + i);
      place.put(`img/${name}/${i}.png`, encode({ width: 8, height: 8, channels: 1, depth: 8, data }));
    }
  }
  place.put('ok.tlp', text);
  place.put('bad.tlp', `${text}foo ${ESC}[31mbar\nhead "${ESC}[1m" { dence 3 }\n`);
  place.put(`odd${ESC}[7m.tlp`, 'nonsense\n');
  const { status, stderr } = place.tlp(['run', 'ok.tlp', '--device', 'cpu']);
  assert.is(status, 0, stderr);
  const [time] = readdirSync(join(place.folder, 'runs', 'ok'));
  const [run] = readdirSync(join(place.folder, 'runs', 'ok', time!)).filter((name) => name !== 'other');
  context.place = place;
  context.run = join('runs', 'ok', time!, run!);
});
hostile.after(({ place }) => place.remove());

const image = (at: number): string => `img/${classes[at]}/0.png`;
const calls: Readonly<Record<string, (context: Context) => readonly string[]>> = {
  'check of a good file': () => ['check', 'ok.tlp'],
  'check of a bad file': () => ['check', 'bad.tlp'],
  'check of a file with an odd name': () => ['check', `odd${ESC}[7m.tlp`],
  'check of a file that is not there': () => ['check', `no${ESC}[7m.tlp`],
  plan: () => ['plan', 'ok.tlp'],
  'plan against another': ({ run }) => ['plan', 'ok.tlp', '--against', run],
  'plan of a file that is not there': () => ['plan', `no${ESC}[7m.tlp`],
  run: () => ['run', 'ok.tlp', '--device', 'cpu'],
  'run of another run': () => ['run', 'ok.tlp', '--run', `${ESC}]0;x\u0007`],
  'resume of nothing': () => ['run', '--resume', `runs/${ESC}[2J`],
  evaluate: ({ run }) => ['evaluate', run, '--device', 'cpu'],
  predict: ({ run }) => ['predict', run, image(0), image(1), '--device', 'cpu'],
  'predict of no image': ({ run }) => ['predict', run, `none${ESC}[5m.png`],
  fmt: () => ['fmt', '--check', `odd${ESC}[7m.tlp`],
  'explain of nothing': () => ['explain', `${ESC}[31mTLP9`],
  'words of no block': () => ['words', `${ESC}[31mx`],
  'an unknown command': () => [`${ESC}[31mtrain`],
  'an unknown option': () => ['run', 'ok.tlp', `--${ESC}[31m`],
};

for (const [what, call] of Object.entries(calls)) {
  hostile(`${what}: no control character but line breaks comes out`, (context) => {
    const { stdout, stderr } = context.place.tlp(call(context));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const found = /[^\n]*[\u0000-\u0008\u000b-\u001f\u007f-\u009f][^\n]*/.exec(`${stdout}${stderr}`);
    assert.is(found, null, JSON.stringify(found?.[0]));
  });
}

hostile('tables hold texts, not formulas', ({ place, run }) => {
  const { stdout } = place.tlp(['predict', run, image(2), '--csv', '--device', 'cpu', '--top', '3']);
  assert.match(stdout, /,'=HYPERLINK\(1\)/);
  assert.not.match(stdout, /,=/);
  assert.match(readFileSync(join(place.folder, run, 'history.csv'), 'utf8'), /\n1,'=1\+1,/);
});

hostile.run();
