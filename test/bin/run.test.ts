// `tlp run` as a person starts it: what it writes where, exit codes, Ctrl-C, kill and resume. Needs `npm run build`.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';

const tlp = resolve('dist/tlp.js');
const quickstart = resolve('pipelines/quickstart.tlp');

interface Context {
  folder: string;
}

const cli = suite<Context>('tlp run');

cli.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
cli.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const call = ({ folder }: Context, ...parameters: string[]) =>
  spawnSync(process.execPath, [tlp, ...parameters], { cwd: folder, encoding: 'utf8', timeout: 60_000 });

const small = ['--device', 'cpu', '--limit', '100', '--epochs', '2'];

const events = (text: string): RunEvent[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

const resultsOf = (text: string): readonly RunResult[] => {
  const last = events(text).at(-1);
  if (last?.type !== 'finished') throw new Error(`the last line is ${last?.type}`);
  return last.runs;
};

const keysOf = (value: object | null | undefined): string => Object.keys(value ?? {}).join(' ');

/** One line, for a person: no stack, nothing of the inside. */
const isOneLine = (text: string): void => {
  assert.is(text.trim().split('\n').length, 1, text);
  assert.match(text, /^tlp: /);
  assert.not.match(text, /internal error|node:|\.js:\d/);
};

cli('--json: only events on the standard output, the last line as documented', (context) => {
  const { status, stdout, stderr } = call(context, 'run', quickstart, '--json', ...small);
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
  const [result, ...others] = resultsOf(stdout);
  assert.is(others.length, 0);
  assert.is(keysOf(result), 'name status seconds epochs train validation test gap parameters frozen folder');
  for (const score of [result?.train, result?.validation, result?.test]) assert.is(keysOf(score), 'loss accuracy');
  assert.is(result?.status, 'done');
  assert.is(result?.epochs, 2);
  const folder = join(context.folder, result!.folder);
  assert.is(result?.parameters.total, weightsIn(folder).length / 4);
  assert.equal(readdirSync(folder).sort(), [
    ...[
      'SHA256SUMS',
      'data.json',
      'events.jsonl',
      'history.csv',
      'model',
      'pipeline.tlp',
      'plan.yaml',
      'result.json',
      'train-step.onnx',
    ],
  ]);
  assert.is(readFileSync(join(folder, 'pipeline.tlp'), 'utf8'), readFileSync(quickstart, 'utf8'));
  assert.is(readFileSync(join(folder, 'history.csv'), 'utf8').trim().split('\n').length, 3);
  assert.match(readFileSync(join(folder, 'plan.yaml'), 'utf8'), /limit: \{ train: 100, test: 25 \}/);
  assert.equal(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')), result);
});

cli('the same seed gives the same numbers, another seed others', (context) => {
  const run = (...more: string[]) =>
    resultsOf(call(context, 'run', quickstart, '--json', ...small, ...more).stdout)[0]!;
  const [a, b, c] = [run('--seed', '7'), run('--seed', '7'), run('--seed', '8')];
  assert.equal([a.train, a.validation, a.test], [b.train, b.validation, b.test]);
  assert.is.not(a.test?.loss, c.test?.loss);
});

cli('without a terminal: one line an epoch', (context) => {
  const { status, stdout } = call(context, 'run', quickstart, ...small);
  assert.is(status, 0);
  assert.match(stdout, /\n\s+1\/2 .*\n\s+2\/2 /);
  assert.not.match(stdout, '\u001b');
});

cli('a pipeline with errors: exit 1, the findings on stderr, nothing written', (context) => {
  writeFileSync(join(context.folder, 'bad.tlp'), 'data { source digits }\nbackbone nope\n');
  const { status, stdout, stderr } = call(context, 'run', 'bad.tlp', '--json');
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'bad.tlp:2:');
  assert.equal(readdirSync(context.folder), ['bad.tlp']);
});

const refusals: Record<string, readonly string[]> = {
  'a run that the file does not have': [quickstart, '--run', 'nope'],
  'a place that cannot be written': [quickstart, '--out', '/proc/runs', '--device', 'cpu'],
  'a place where a file stands': [quickstart, '--out', '/dev/null/runs', '--device', 'cpu'],
  'no file': [],
  'a folder to resume that is not one': ['--resume', 'nowhere'],
  'resume with options that would change the run': ['--resume', 'nowhere', '--seed', '3'],
};

for (const [what, parameters] of Object.entries(refusals)) {
  cli(`${what}: exit 2 and one line`, (context) => {
    const { status, stderr } = call(context, 'run', '--json', ...parameters);
    assert.is(status, 2, stderr);
    isOneLine(stderr);
    assert.equal(
      readdirSync(context.folder).filter((name) => name !== 'runs'),
      [],
    );
    assert.not.ok(existsSync(join(context.folder, 'runs')), 'nothing is left');
  });
}

for (const seed of ['4294967296', '1e3', '-1', '']) {
  cli(`the seed '${seed}': exit 2 before anything is read`, (context) => {
    const { status, stderr } = call(context, 'run', quickstart, `--seed=${seed}`);
    assert.is(status, 2);
    assert.match(stderr, /'--seed <number>' argument '.*' is invalid\. It is a whole number from 0 to 4294967295\./);
    assert.equal(readdirSync(context.folder), []);
  });
}

cli('no room for the output: exit 2 and one line', (context) => {
  if (!existsSync('/dev/full')) return;
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [tlp, 'words', '--json'], {
    cwd: context.folder,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.is(status, 2, stderr);
  isOneLine(stderr);
  assert.match(stderr, /^tlp: standard output cannot be written \(ENOSPC\)/);
});

cli('a device that is not there: exit 2, and a last line with the cure', (context) => {
  const { status, stderr } = call(context, 'run', quickstart, '--device', 'webgpu', '--epochs', '0');
  if (status === 0) return; // this machine has one
  assert.is(status, 2, stderr);
  const last = stderr.trim().split('\n').at(-1)!; // a graphics driver may have written lines of its own before
  assert.match(last, /^tlp: the device 'webgpu' cannot be used: .*--device cpu/);
  assert.equal(readdirSync(context.folder), []);
});

/** Starts a command and calls `onEvent` for each event line. Gives the exit code and all that was printed. */
const follow = (
  { folder }: Context,
  parameters: readonly string[],
  onEvent: (event: RunEvent, child: ChildProcess) => void,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> =>
  new Promise((settle) => {
    const child = spawn(process.execPath, [...parameters], { cwd: folder });
    let stdout = '';
    let stderr = '';
    let line = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.stdout.on('data', (data) => {
      stdout += data;
      line += data;
      const lines = line.split('\n');
      line = lines.pop() ?? '';
      for (const text of lines) onEvent(JSON.parse(text) as RunEvent, child);
    });
    // a process that SIGINT ends has code 130 for a shell
    child.on('close', (code, signal) => settle({ code: signal === 'SIGINT' ? 130 : code, stdout, stderr }));
  });

const weightsIn = (folder: string): Buffer => readFileSync(join(folder, 'model', 'weights.bin'));

cli('Ctrl-C ends after the step and keeps the run; resumed, it ends as if nothing had been', async (context) => {
  const whole = resultsOf(call(context, 'run', quickstart, '--json', ...small).stdout)[0]!;
  let sent = false;
  const { code, stdout } = await follow(context, [tlp, 'run', quickstart, '--json', ...small], (event, child) => {
    if (sent || event.type !== 'step' || event.epoch !== 2) return;
    sent = true;
    child.kill('SIGINT');
  });
  assert.is(code, 130);
  const cut = resultsOf(stdout)[0]!;
  assert.is(cut.status, 'interrupted');
  assert.is(cut.test, null);
  assert.ok(existsSync(join(context.folder, cut.folder, 'checkpoint.safetensors')));
  const { stdout: again, status, stderr } = call(context, 'run', '--json', '--device', 'cpu', '--resume', cut.folder);
  assert.is(status, 0, stderr);
  const resumed = resultsOf(again)[0]!;
  assert.is(resumed.status, 'done');
  assert.equal([resumed.train, resumed.validation, resumed.test], [whole.train, whole.validation, whole.test]);
  const inFolder = (result: RunResult): string => join(context.folder, result.folder);
  assert.ok(weightsIn(inFolder(resumed)).equals(weightsIn(inFolder(whole))), 'the weights are the same bytes');
  const epochs = readFileSync(join(inFolder(resumed), 'history.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  assert.equal(
    epochs.map((line) => line.split(',')[0]),
    ['1', '2'],
  );
});

for (const second of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  cli(
    `SIGTERM and then ${second}, as schedulers send them: the run ends after its step and is kept`,
    async (context) => {
      const command = [tlp, 'run', quickstart, '--json', '--device', 'cpu'];
      const { code, stdout, stderr } = await follow(context, command, (event, child) => {
        if (event.type === 'step' && event.epoch === 1 && event.step === 3) child.kill('SIGTERM');
        if (event.type === 'warning') child.kill(second);
      });
      assert.is(code, 130);
      const [cut] = resultsOf(stdout);
      assert.is(cut?.status, 'interrupted');
      assert.ok(existsSync(join(context.folder, cut!.folder, 'checkpoint.safetensors')));
      assert.is(stderr, `tlp: go on with it by\n  tlp run --resume ${cut!.folder} --device cpu\n`);
    },
  );
}

/** Kills a training child at the first step of its second epoch; the path of what it left. */
const killed = async (context: Context, checkpointEvery: string): Promise<string> => {
  const script = ['--import', import.meta.resolve('tsx'), resolve('test/support/killed-run.ts')];
  await follow(context, [...script, join(context.folder, 'runs'), checkpointEvery], (event, child) => {
    if (event.type === 'step' && event.epoch === 2) child.kill('SIGKILL');
  });
  const parent = join(context.folder, 'runs', 'digits');
  const [left] = readdirSync(parent);
  assert.match(left!, /^\.partial-/);
  return join(parent, left!);
};

cli('a killed run resumed gives the weights of one that was not', async (context) => {
  const script = ['--import', import.meta.resolve('tsx'), resolve('test/support/killed-run.ts')];
  const { stdout } = await follow(context, [...script, join(context.folder, 'whole'), '0'], () => {});
  const whole = resultsOf(stdout)[0]!;
  const left = await killed(context, '0');
  const again = call(context, 'run', '--json', '--device', 'cpu', '--resume', left);
  assert.is(again.status, 0, again.stderr);
  const resumed = resultsOf(again.stdout)[0]!;
  assert.ok(weightsIn(resolve(context.folder, resumed.folder)).equals(weightsIn(whole.folder)));
  assert.equal(resumed.test, whole.test);
  assert.not.ok(existsSync(left), 'what was left is gone');
});

cli('a run that cannot be trained yet is named, exit 2, and the others are trained', (context) => {
  const text = [
    'data { source digits; limit 60 (test: 10); size 32x32; channels 3; validation 20% of train }',
    'backbone cnn { conv 2 3x3 relu (stride: 4) }',
    'augment soft { blur 2 }',
    'augment none_at_all { }',
    'head { global_average_pooling }',
    'schedule { epochs 1; batch 16; optimizer adam(lr: 1e-4) }',
    'run "own" { backbone cnn; augment none }',
    'run "soft" { backbone cnn; augment soft }',
    'run "more" continues "soft" { backbone cnn; augment none }',
    'run "taken" { backbone cnn; augment none; weights run("soft") }',
  ].join('\n');
  writeFileSync(join(context.folder, 'mixed.tlp'), text);
  assert.is(call(context, 'check', 'mixed.tlp').status, 0);
  assert.is(call(context, 'plan', 'mixed.tlp').status, 0);
  const { status, stdout, stderr } = call(context, 'run', 'mixed.tlp', '--json', '--device', 'cpu');
  assert.is(status, 2, stderr);
  assert.equal(
    resultsOf(stdout).map(({ name }) => name),
    ['own'],
  );
  const reasons = [
    'augment `blur` (run "soft")',
    'it starts from "soft" (run "more")',
    'it starts from "soft" (run "taken")',
  ].join('; ');
  assert.match(stderr, `tlp: not run yet: ${reasons}; the other runs are trained\n`);
  const alone = call(context, 'run', 'mixed.tlp', '--run', 'soft');
  assert.equal(
    [alone.status, alone.stderr.trim().split('\n').at(-1)],
    [2, 'tlp: not run yet: augment `blur` (run "soft")'],
  );
  const emitted = call(context, 'compile', 'mixed.tlp', '--emit', 'kernel');
  assert.is(emitted.status, 2);
  assert.match(emitted.stderr, /not run yet: augment `blur`/);
});

cli('what a killed run without a checkpoint left is removed by the next run', async (context) => {
  const left = await killed(context, '1000');
  writeFileSync(join(context.folder, 'digits.tlp'), readFileSync(quickstart, 'utf8'));
  assert.is(call(context, 'run', 'digits.tlp', '--json', ...small).status, 0);
  assert.not.ok(existsSync(left));
});

cli.run();
