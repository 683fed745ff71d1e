// Verb: a pipeline in a folder of its own → how its runs end when nothing, or something, stops them. Each trial trains for real.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf } from '../support/watch-run.ts';

const tlp = resolve('dist/tlp.js');
const FILE = 'one.tlp';

export interface Place {
  readonly folder: string;
  remove(): void;
}

/** A folder with the pipeline in it. `root`: on which disk. */
export const placeOf = (text: string, root = tmpdir()): Place => {
  const folder = mkdtempSync(join(root, 'tlp-torture-'));
  writeFileSync(join(folder, FILE), text);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export interface Exit {
  /** As a shell sees it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** A line of a shell before the command: a limit. */
  readonly before?: string;
  readonly node?: readonly string[];
  /** Told when the process is there. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Told of what it prints. */
  readonly onText?: (text: string, child: ChildProcess) => void;
}

/** `tlp` with these words, in the folder. */
export const callTlp = ({ folder }: Place, words: readonly string[], options: RunOptions = {}): Promise<Exit> =>
  new Promise((settle) => {
    const command = [process.execPath, ...(options.node ?? []), tlp, ...words];
    const [file = '', ...args] =
      options.before === undefined ? command : ['bash', '-c', `${options.before}; exec "$@"`, 'bash', ...command];
    const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
      options.onText?.(String(data), child);
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code, signal) => settle({ code: codeOf(code, signal), stdout, stderr }));
    options.onStart?.(child);
  });

export const begin = [...['run', FILE, '--device', 'cpu', '--json']] as const;
export const goOn = ['run', '--resume', '--device', 'cpu', '--json'] as const;

/** Folders that hold the end of a run, of the one pipeline. */
const endsIn = (folder: string): readonly string[] => {
  const parent = join(folder, 'runs', 'one');
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('result.json') && !path.includes('.partial-'))
    .map((path) => join(parent, path, '..'));
};

/** Names of the runs that ended as they should, each with its scores and the hash of its weights: what must not depend on kills. */
export const endOf = ({ folder }: Place): string =>
  endsIn(folder)
    .map((run) => {
      const { name, status, epochs, train, validation, test } = JSON.parse(
        readFileSync(join(run, 'result.json'), 'utf8'),
      );
      const weights = createHash('sha256')
        .update(readFileSync(join(run, 'model', 'weights.bin')))
        .digest('hex');
      return JSON.stringify([name, status, epochs, train, validation, test, weights]);
    })
    .sort()
    .join('\n');

/** What is left that nobody needs: folders under construction, and lists of what is to be done. */
export const leftIn = ({ folder }: Place): readonly string[] => {
  const parent = join(folder, 'runs', 'one');
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|\/)(\.partial-[^/]*|asked\.json)$/.test(path),
  );
};

/** Whether anything was begun that can go on. */
export const hasBegun = ({ folder }: Place): boolean => existsSync(join(folder, 'runs', 'one'));

export interface Reference {
  /** As `endOf` gives it. */
  readonly end: string;
  /** Milliseconds from start to end. */
  readonly duration: number;
}

/** The run that nothing stops. Throws where it fails. */
export const referenceOf = async (text: string): Promise<Reference> => {
  const place = placeOf(text);
  try {
    const from = performance.now();
    const { code, stderr } = await callTlp(place, begin);
    if (code !== 0) throw new Error(`the run that nothing stops ended with ${code}: ${stderr}`);
    return { end: endOf(place), duration: performance.now() - from };
  } finally {
    place.remove();
  }
};

/** Goes on until everything is done; what did not hold, or null. `begun`: what is left is not empty. */
export const finish = async (place: Place, { end }: Reference): Promise<string | null> => {
  const { code, stderr } = await callTlp(place, hasBegun(place) ? goOn : begin);
  // what was killed behind its end has nothing to go on with
  const wasDone = code === 2 && /is finished|holds no run/.test(stderr);
  if (code !== 0 && !(wasDone && endOf(place) === end)) return `going on ended with ${code}: ${stderr.trim()}`;
  if (endOf(place) !== end) return `another end:\n${endOf(place)}\ninstead of\n${end}`;
  const left = leftIn(place);
  return left.length > 0 && !wasDone ? `left: ${left.join(', ')}` : null;
};
