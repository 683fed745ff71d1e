// A person at a terminal: keys, and a terminal that closes. Needs `npm run build`, and Python for a terminal.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkplace, type Workplace } from '../support/tlp.ts';
import { runsIn, tlpFile } from '../support/watch-run.ts';

interface Context {
  place: Workplace;
}

const terminal = suite<Context>('tlp run at a terminal');
terminal.before.each((context) => {
  context.place = openWorkplace();
  context.place.put('one.tlp', pipeline);
});
terminal.after.each(({ place }) => place.remove());

const pipeline = `data { source digits; validation 25% of train }
backbone cnn { conv 8 3x3 relu; flatten }
head { dropout 30% }
schedule { batch 16; epochs 100; optimizer adam }
`;

const CTRL_C = '\u0003';
const command = ['node', tlpFile, 'run', 'one.tlp', '--device', 'cpu'];

/** What a person does: test/support/person.py. */
type Step = readonly ['see' | 'type' | 'signal', string] | readonly ['wait', number] | readonly ['close'];

const play = ({ folder }: Workplace, steps: readonly Step[], words: readonly string[] = command) => {
  const { stdout, stderr, status } = spawnSync(
    'python3',
    [resolve('test/support/person.py'), JSON.stringify(steps), ...words],
    { cwd: folder, encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
  const { text, code } = JSON.parse(stdout) as { readonly text: string; readonly code: number };
  return { text: stripVTControlCharacters(text).replaceAll('\r\n', '\n'), code };
};

const onlyRun = ({ folder }: Workplace): string => {
  const [run, ...others] = runsIn(folder, 'one');
  assert.equal(others, []);
  return run!;
};

const isInterrupted = (run: string): void => {
  assert.is(JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')).status, 'interrupted');
  assert.ok(existsSync(join(run, 'checkpoint.safetensors')));
};

terminal('Ctrl-C: the run is kept, and the last line is the command that goes on with it', ({ place }) => {
  const { text, code } = play(place, [
    ['see', 'step [1-9]'],
    ['type', CTRL_C],
    ['see', 'Press Ctrl-C again'],
  ]);
  assert.is(code, 130);
  const run = onlyRun(place);
  isInterrupted(run);
  const name = run.slice(place.folder.length + 1);
  assert.match(text, `\ntlp: go on with it by\n  tlp run --resume ${name} --device cpu\n`);
  assert.match(text, '\nwarning: Ctrl-C: the run ends after this step and is kept. Press Ctrl-C again to\nend at once');
});

terminal('Ctrl-C twice: the run is gone, and that is said', ({ place }) => {
  const { text, code } = play(place, [
    ['see', 'step [1-9]'],
    ['signal', 'SIGSTOP'],
    ['type', CTRL_C],
    ['signal', 'SIGCONT'],
    ['wait', 0.4],
    ['type', CTRL_C],
  ]);
  // a fast machine may have ended the run between the two keys: then it is kept
  if (text.includes('go on with it')) return isInterrupted(onlyRun(place));
  assert.is(code, 130);
  assert.match(text, 'tlp: ended at once; nothing of this run is kept');
  assert.not.ok(existsSync(join(place.folder, 'runs')));
});

terminal('one key that arrives twice, as npx hands it on, is one', ({ place }) => {
  const { code } = play(place, [
    ['see', 'step [1-9]'],
    ['signal', 'SIGINT'],
    ['signal', 'SIGINT'],
  ]);
  assert.is(code, 130);
  isInterrupted(onlyRun(place));
});

terminal('SIGTERM, then SIGINT from the terminal: the run is kept', ({ place }) => {
  const { code } = play(place, [
    ['see', 'step [1-9]'],
    ['signal', 'SIGTERM'],
    ['type', CTRL_C],
  ]);
  assert.is(code, 130);
  isInterrupted(onlyRun(place));
});

terminal('a terminal that closes: the run is kept', ({ place }) => {
  const { code } = play(place, [['see', 'step [1-9]'], ['close']]);
  assert.is(code, 129);
  isInterrupted(onlyRun(place));
});

terminal('Enter and words that are typed leave nothing on the screen and nothing to the shell', ({ place }) => {
  const shell = [...command, '--epochs', '1', '--limit', '100'].join(' ');
  const after = `${shell}; read -t 0.2 -r line; echo "left: [$line]"`;
  const { text } = play(
    place,
    [
      ['see', 'loading the graphs'],
      ['type', '\r\rrm -r important\r'],
      ['see', 'Kept in'],
      ['see', 'left: '],
    ],
    ['bash', '-c', after],
  );
  assert.match(text, 'left: []');
  assert.not.match(text, 'important');
});

terminal('an error is broken between words at the edge of the terminal', ({ place }) => {
  const { text, code } = play(
    place,
    [],
    ['node', tlpFile, 'run', '--resume', 'x', '--epochs', '3', '--seed', '4', '--limit', '5'],
  );
  assert.is(code, 2);
  const lines = text.trim().split('\n');
  assert.ok(lines.length > 1, text);
  for (const line of lines) assert.ok(line.length <= 80 && !line.startsWith(' '), text);
  assert.is(
    lines.join(' '),
    'tlp: --resume goes on with the run as it was: leave --epochs and --seed and --limit away',
  );
  assert.equal(readdirSync(place.folder), ['one.tlp']);
});

terminal.run();
