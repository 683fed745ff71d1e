// `tlp run --resume` after a kill or Ctrl-C: before the first checkpoint, in a file of several runs, without naming a folder. Needs `npm run build`.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';
import { slug } from '../../src/runtime/run-folder/names.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

interface Context {
  place: Workplace;
}

const resume = suite<Context>('tlp run --resume');
resume.before.each((context) => {
  context.place = openWorkplace();
});
resume.after.each(({ place }) => place.remove());

const data = 'data { source digits; limit 96 (test: 24); validation 25% of train }';
const network = 'backbone cnn { conv 4 3x3 relu; batch_normalization; flatten }\nhead { dense 8 relu; dropout 30% }';
const single = `${data}\n${network}\nschedule { batch 16; epochs 3; optimizer adam }\n`;
const several = `${data}
${network}
schedule { batch 16; epochs 3; optimizer adam }
run "first" { }
run "second" continues "first" { }
run "third" { optimizer sgd(lr: 0.1) }
`;

/** Runs `tlp run FILE --json` and sends a signal at the first event that is meant. */
const stopped = (
  { folder }: Workplace,
  file: string,
  signal: 'SIGKILL' | 'SIGINT',
  isMeant: (event: RunEvent) => boolean,
): Promise<void> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [resolve('dist/tlp.js'), 'run', file, '--json', '--device', 'cpu'], {
      cwd: folder,
    });
    let sent = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (sent || !isMeant(JSON.parse(line) as RunEvent)) return;
      sent = true;
      child.kill(signal);
    });
    child.once('close', () => done());
  });

const train = ({ tlp }: Workplace, ...args: readonly string[]): readonly RunResult[] => {
  const { status, stdout, stderr } = tlp(['run', '--json', '--device', 'cpu', ...args]);
  assert.is(status, 0, stderr);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as RunEvent;
  return last.type === 'finished' ? last.runs : [];
};

const weightsOf = ({ folder }: Workplace, result: RunResult): Buffer =>
  readFileSync(resolve(folder, result.folder, 'model', 'weights.bin'));

const isStep = (event: RunEvent, run?: string): boolean =>
  event.type === 'step' && event.epoch === 1 && (run === undefined || event.run === run);

resume(
  'a run that was killed before its first checkpoint begins anew from its seed, in its place',
  async ({ place }) => {
    place.put('one.tlp', single);
    const [whole] = train(place, 'one.tlp', '--out', 'whole');
    await stopped(place, 'one.tlp', 'SIGKILL', isStep);
    const [left] = readdirSync(join(place.folder, 'runs', 'one'));
    assert.match(left!, /^\.partial-/);
    assert.not.ok(existsSync(join(place.folder, 'runs', 'one', left!, 'checkpoint.safetensors')));
    const [again] = train(place, '--resume', `runs/one/${left}`);
    assert.ok(weightsOf(place, again!).equals(weightsOf(place, whole!)));
    assert.equal(again!.test, whole!.test);
    assert.equal(readdirSync(join(place.folder, 'runs', 'one')), [left!.slice('.partial-'.length).split('@')[0]]);
  },
);

for (const [signal, left] of [
  ['SIGINT', 'an interrupted'],
  ['SIGKILL', 'a killed'],
] as const) {
  resume(`${left} file of several runs is trained to its end, each run once`, async ({ place }) => {
    place.put('several.tlp', several);
    const whole = train(place, 'several.tlp', '--out', 'whole');
    await stopped(place, 'several.tlp', signal, (event) => isStep(event, 'second'));
    const parent = join(place.folder, 'runs', 'several');
    const before = readFileSync(
      join(parent, readdirSync(parent).find((name) => !name.startsWith('.'))!, 'first', 'result.json'),
    );
    const results = train(place, '--resume');
    assert.equal(
      results.map(({ name, status }) => [name, status]),
      whole.map(({ name, status }) => [name, status]),
    );
    for (const [i, result] of results.entries())
      assert.ok(weightsOf(place, result).equals(weightsOf(place, whole[i]!)), result.name);
    const [time, ...others] = readdirSync(parent);
    assert.equal(others, []);
    assert.equal(readFileSync(join(parent, time!, 'first', 'result.json')), before);
    assert.not.ok(existsSync(join(parent, time!, 'asked.json')));
  });
}

resume('nobody is told of the folder that goes on; of another killed run they are', async ({ place }) => {
  place.put('one.tlp', single);
  await stopped(place, 'one.tlp', 'SIGINT', isStep);
  const parent = join(place.folder, 'runs', 'one');
  const [name] = readdirSync(parent);
  // as if killed: under the name of a process that is gone
  const partial = `.partial-${name}@${slug(hostname()).slice(0, 60)}@${2 ** 22 + 1}`;
  renameSync(join(parent, name!), join(parent, partial));
  const other = partial.replace(/@\d+$/, `@${2 ** 22 + 2}`);
  cpSync(join(parent, partial), join(parent, other), { recursive: true });
  const { status, stdout } = place.tlp(['run', '--json', '--device', 'cpu', '--resume', `runs/one/${partial}`]);
  assert.is(status, 0);
  const warnings = stdout.split('\n').filter((line) => line.includes('"warning"') && line.includes('was killed'));
  assert.is(warnings.length, 1);
  assert.match(warnings[0]!, other);
});

resume('data that have changed are named, and gone on with only where that is accepted', async ({ place }) => {
  for (const [name, count] of Object.entries({ cat: 24, dog: 24 })) {
    mkdirSync(join(place.folder, 'images', name), { recursive: true });
    for (let i = 0; i < count; i += 1) {
      const data = Uint8Array.from({ length: 64 }, (_, at) => (at * i + name.charCodeAt(0)) % 256);
      place.put(`images/${name}/${i}.png`, encode({ width: 8, height: 8, channels: 1, depth: 8, data }));
    }
  }
  const text = single.replace('source digits; limit 96 (test: 24)', 'source folder("images"); size 8x8; channels 1');
  place.put('pets.tlp', text);
  await stopped(place, 'pets.tlp', 'SIGINT', isStep);
  const swap = [
    ['cat', 'aside'],
    ['dog', 'cat'],
    ['aside', 'dog'],
  ] as const;
  for (const [from, to] of swap) renameSync(join(place.folder, 'images', from), join(place.folder, 'images', to));
  const refused = place.tlp(['run', '--json', '--device', 'cpu', '--resume']);
  assert.is(refused.status, 2);
  assert.match(
    refused.stderr,
    /class "cat" of the train split has other files, or changed ones; class "dog" .*--accept-changed-data/,
  );
  const accepted = place.tlp(['run', '--json', '--device', 'cpu', '--resume', '--accept-changed-data']);
  assert.is(accepted.status, 0, accepted.stderr);
  assert.match(
    accepted.stdout,
    /"type":"warning".*It goes on with them: validation may hold images that were trained on/,
  );
});

resume('without a run that can go on: one line with the cure', ({ place }) => {
  const { status, stderr } = place.tlp(['run', '--resume']);
  assert.is(status, 2);
  assert.match(stderr, /^tlp: runs holds no run that was interrupted or killed: [^\n]+\n$/);
});

resume.run();
