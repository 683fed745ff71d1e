// `tlp clean`: leftovers of live, dead and foreign processes are told apart. Needs `npm run build`.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { partialName } from '../../src/runtime/run-folder/names.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

interface Context {
  place: Workplace;
}

const cleaning = suite<Context>('tlp clean');
cleaning.before.each((context) => {
  context.place = openWorkplace();
});
cleaning.after.each(({ place }) => place.remove());

/** Above the largest process id of Linux. */
const nobody = 2 ** 22 + 1;

/** A folder under construction; `saved`: with a checkpoint. */
const put = ({ folder }: Workplace, path: string, saved: boolean): string => {
  const left = join(folder, 'runs', path);
  mkdirSync(left, { recursive: true });
  if (saved) writeFileSync(join(left, 'checkpoint.safetensors'), '');
  return left;
};

cleaning('what was killed before it learned anything goes; the rest is said, and goes with --all', ({ place }) => {
  const foreign = (pid: number): string => `one/.partial-t@another-machine@${pid}`;
  const folders = {
    begun: put(place, `one/${partialName('t', nobody)}`, false),
    ofSeveral: put(place, `one/t/${partialName('a', nobody)}`, false),
    resumable: put(place, `one/${partialName('u', nobody)}`, true),
    live: put(place, `one/${partialName('t', process.pid)}`, true),
    silent: put(place, foreign(1), true),
    heard: put(place, foreign(2), true),
    finished: put(place, 'one/v', false),
  };
  const before = new Date(Date.now() - 3600_000);
  utimesSync(folders.silent, before, before);
  const { status, stdout } = place.tlp(['clean']);
  assert.is(status, 0);
  const lines = stdout.trim().split('\n').sort();
  assert.is(lines.length, 6);
  const has = (text: string): void =>
    assert.ok(
      lines.some((line) => line.includes(text)),
      `${text}: ${stdout}`,
    );
  has(`${partialName('t', nobody)}`);
  has(`${partialName('u', nobody)} was killed: tlp run --resume runs/one/${partialName('u', nobody)}, or --all`);
  has(`is being trained by process ${process.pid}`);
  has('.partial-t@another-machine@1 was killed of another-machine: tlp run --resume');
  has('.partial-t@another-machine@2 is being trained by process 2 of another-machine');
  const there = (): readonly string[] =>
    Object.entries(folders).flatMap(([name, path]) => (existsSync(path) ? [name] : []));
  assert.equal(there(), ['resumable', 'live', 'silent', 'heard', 'finished']);
  assert.is(place.tlp(['clean', 'runs', '--all']).status, 0);
  assert.equal(there(), ['live', 'heard', 'finished']);
});

cleaning('nothing to clean, and no folder', ({ place }) => {
  const none = place.tlp(['clean']);
  assert.equal(
    [none.status, none.stderr],
    [2, 'tlp: runs is not there: name the folder of a run, such as runs/NAME/TIME\n'],
  );
  mkdirSync(join(place.folder, 'runs'));
  assert.equal(place.tlp(['clean']).stdout, 'Nothing is left over in runs.\n');
});

cleaning('a run that a live process trains cannot be resumed', ({ place }) => {
  const live = put(place, `one/${partialName('t', process.pid)}`, true);
  const { status, stderr } = place.tlp(['run', '--resume', live]);
  assert.is(status, 2);
  assert.match(stderr, new RegExp(`^tlp: .* is being trained by process ${process.pid}: wait for it, or end it`));
});

cleaning.run();
