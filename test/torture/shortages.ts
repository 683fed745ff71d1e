// Table: what a machine may lack, and what may become of signals and terminals; each a number of trials with what must hold.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { begin, callTlp, type Exit, endOf, finish, type Place, placeOf, type Reference } from './run-trial.ts';

/** A trial: what did not hold; null: all held; `skipped` where this machine cannot try it. */
export type Trial = () => Promise<string | null | 'skipped'>;

export interface Shortage {
  readonly name: string;
  readonly trials: (text: string, reference: Reference) => readonly Trial[];
}

/** One line for a person with the code of "cannot be run", or the end that nothing stops. A line more names the command that goes on. */
const isSaid = ({ code, stderr }: Exit, place: Place, { end }: Reference): string | null => {
  if (code === 0) return endOf(place) === end ? null : `another end: ${endOf(place)}`;
  const lines = stderr.trim().split('\n');
  const isClear = code === 2 && lines[0]?.startsWith('tlp: ') === true && !/\n\s+at |internal error/.test(stderr);
  return isClear ? null : `ended with ${code}: ${stderr.slice(0, 300)}`;
};

const inPlace = async (text: string, work: (place: Place) => Promise<string | null>): Promise<string | null> => {
  const place = placeOf(text);
  try {
    return await work(place);
  } finally {
    place.remove();
  }
};

const limited =
  (
    text: string,
    reference: Reference,
    options: { readonly before?: string; readonly node?: readonly string[] },
  ): Trial =>
  () =>
    inPlace(text, async (place) => {
      const what = `${options.before ?? options.node?.join(' ')}: `;
      const said = isSaid(await callTlp(place, begin, options), place, reference);
      const problem = said ?? (await finish(place, reference));
      return problem && what + problem;
    });

const steps = (from: number, to: number, by: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

/** A disk of its own, as large as a small run needs, which another program fills up while the run trains. */
const onFullDisk =
  (text: string, reference: Reference, free: number): Trial =>
  async () => {
    const disk = mkdtempSync(join(tmpdir(), 'tlp-disk-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tlp', disk]).status === 0;
    if (!mounted) {
      rmSync(disk, { recursive: true });
      return 'skipped';
    }
    const place = placeOf(text, disk);
    try {
      let seen = 0;
      const ballast = join(disk, 'ballast');
      const exit = await callTlp(place, [...begin, '--checkpoint-every', '0'], {
        onText: (written) => {
          if (seen < 0 || !written.includes('"step"')) return;
          seen += 1;
          // at another moment in each trial
          if (seen <= (free / 16) % 7) return;
          seen = -1;
          fill(ballast, free);
        },
      });
      rmSync(ballast, { force: true });
      const problem = isSaid(exit, place, reference) ?? (await finish(place, reference));
      return problem && `${free} KB free: ${problem}`;
    } finally {
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  };

/** Takes all room but for so many KB. */
const fill = (file: string, free: number): void => {
  try {
    writeFileSync(file, new Uint8Array(2 ** 26));
  } catch {
    // as much as there was
  }
  truncateSync(file, Math.max(0, statSync(file).size - free * 1024));
};

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const pairOf =
  (
    text: string,
    reference: Reference,
    [first, second]: readonly [NodeJS.Signals, NodeJS.Signals],
    wait: number,
  ): Trial =>
  () =>
    inPlace(text, async (place) => {
      let sent = false;
      const { code, stderr } = await callTlp(place, begin, {
        onText: (written, child) => {
          if (sent || !written.includes('"step"')) return;
          sent = true;
          child.kill(first);
          setTimeout(() => child.kill(second), wait);
        },
      });
      const what = `${first}, ${second} after ${wait} ms: `;
      if (code !== 0 && code !== 130) return `${what}ended with ${code}: ${stderr}`;
      const problem = await finish(place, reference);
      return problem && what + problem;
    });

/** The terminal closes at a moment of its own in each trial. */
const closed =
  (text: string, reference: Reference, wait: number): Trial =>
  () =>
    inPlace(text, async (place) => {
      const actions = [['see', 'step [1-9]'], ['wait', wait], ['close']];
      const words = [process.execPath, resolve('dist/tlp.js'), 'run', 'one.tlp', '--device', 'cpu'];
      const person = [resolve('test/support/person.py'), JSON.stringify(actions), ...words];
      const { status, stdout, stderr } = spawnSync('python3', person, { cwd: place.folder, encoding: 'utf8' });
      if (status === null) return 'skipped';
      const what = `the terminal closes after ${wait} s: `;
      if (status !== 0) return `${what}${stderr}`;
      const { code } = JSON.parse(stdout) as { readonly code: number };
      if (code !== 0 && code !== 129) return `${what}ended with ${code}`;
      const problem = await finish(place, reference);
      return problem && what + problem;
    });

export const shortages: readonly Shortage[] = [
  {
    name: 'a disk that is full, at every write',
    trials: (text, reference) => steps(0, 640, 16).map((free) => onFullDisk(text, reference, free)),
  },
  {
    name: '24 to 64 file descriptors',
    trials: (text, reference) =>
      steps(24, 96, 8).map((count) => limited(text, reference, { before: `ulimit -n ${count}` })),
  },
  {
    name: 'little memory',
    trials: (text, reference) => [
      ...steps(1_000_000, 3_400_000, 200_000).map((size) => limited(text, reference, { before: `ulimit -v ${size}` })),
      ...steps(8, 32, 4).map((size) => limited(text, reference, { node: [`--max-old-space-size=${size}`] })),
    ],
  },
  {
    name: 'pairs of signals without a person',
    trials: (text, reference) =>
      names.flatMap((first) =>
        names.flatMap((second) => [0, 60, 600].map((wait) => pairOf(text, reference, [first, second], wait))),
      ),
  },
  {
    name: 'a terminal that closes',
    trials: (text, reference) => [0, 0.2, 0.7, 1.3, 2].map((wait) => closed(text, reference, wait)),
  },
];
