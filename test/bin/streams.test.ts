// Output is secondary: whatever becomes of the streams, the run is kept. Needs `npm run build`.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace, type Workplace } from '../support/tlp.ts';
import { codeOf, runsIn, tlpFile, watchRun } from '../support/watch-run.ts';

interface Context {
  place: Workplace;
}

const streams = suite<Context>('tlp run and its streams');
streams.before.each((context) => {
  context.place = openWorkplace();
  context.place.put('one.tlp', pipeline);
});
streams.after.each(({ place }) => place.remove());

const pipeline = `data { source digits; limit 96 (test: 24); validation 25% of train }
backbone cnn { conv 4 3x3 relu; flatten }
head { dropout 30% }
schedule { batch 16; epochs 4; optimizer adam }
`;

/** The run is finished in its place, with a whole model. */
const isKept = ({ folder }: Workplace): void => {
  const [run, ...others] = runsIn(folder, 'one');
  assert.equal(others, []);
  const result = JSON.parse(readFileSync(join(run!, 'result.json'), 'utf8'));
  assert.equal([result.status, result.epochs], ['done', 4]);
};

const shell = ({ folder }: Workplace, command: string) =>
  spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...process.env, TLP: tlpFile } });

const losses: Readonly<Record<string, string>> = {
  'a reader of lines that leaves': 'set -o pipefail; node $TLP run one.tlp --device cpu | head -1',
  'a reader of JSON that leaves': 'set -o pipefail; node $TLP run one.tlp --device cpu --json | head -1',
  'a reader that is not there': 'set -o pipefail; node $TLP run one.tlp --device cpu | true',
  'a log on a full disk': 'node $TLP run one.tlp --device cpu > /dev/full',
  'JSON on a full disk': 'node $TLP run one.tlp --device cpu --json > /dev/full 2> /dev/full',
  'closed streams': 'node $TLP run one.tlp --device cpu <&- >&- 2>&-',
  'closed output': 'node $TLP run one.tlp --device cpu --json >&-',
};

for (const [what, command] of Object.entries(losses)) {
  if (command.includes('/dev/full') && !existsSync('/dev/full')) continue;
  streams(`${what}: the run goes on to its end`, ({ place }) => {
    const { status, stderr } = shell(place, command);
    assert.is(status, 0, stderr);
    assert.not.match(stderr, /\n\s+at /);
    isKept(place);
  });
}

streams('a terminal that closes does not end a run that has none, which is what nohup is for', async ({ place }) => {
  const { code } = await watchRun(['one.tlp'], { cwd: place.folder }, (event, child) => {
    if (event.type === 'step' && event.step === 1) child.kill('SIGHUP');
  });
  assert.is(code, 0);
  isKept(place);
});

streams('nohup with a log: SIGHUP at any time changes nothing', async ({ place }) => {
  const log = openSync(join(place.folder, 'log'), 'w');
  const child = spawn('nohup', [process.execPath, tlpFile, 'run', 'one.tlp', '--device', 'cpu'], {
    cwd: place.folder,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const timer = setInterval(() => {
    if (readFileSync(join(place.folder, 'log'), 'utf8').includes('epoch')) child.kill('SIGHUP');
  }, 50);
  const code = await new Promise((settle) => child.on('close', (exit, signal) => settle(codeOf(exit, signal))));
  clearInterval(timer);
  assert.is(code, 0);
  isKept(place);
});

streams.run();
