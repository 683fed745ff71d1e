// Verb: `tlp run`: arguments → training, listeners → exit code.
import { notRunYetLine } from '../../src/compiler/plan/trainable.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import type { Listener, RunResult } from '../../src/runtime/events.ts';
import type { RunFolder } from '../../src/runtime/run-folder/run-folder.ts';
import { abandonFolder } from '../../src/session/abandon-folder.ts';
import { cacheSettings } from '../../src/session/cache-settings.ts';
import { findResumable } from '../../src/session/find-resumable.ts';
import { openTraining, resumeTraining, type Training } from '../../src/session/open-training.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { catchInterrupt, type Interrupt } from './interrupt.ts';
import { openOutput } from './output.ts';
import { version } from './version.ts';

export interface RunOptions {
  readonly json?: boolean | undefined;
  /** A device of some engine, or `auto`. */
  readonly device?: string | undefined;
  /** Epochs of every stage. */
  readonly epochs?: number | undefined;
  /** At most so many train images, and the same share of the test images. */
  readonly limit?: number | undefined;
  readonly seed?: number | undefined;
  /** Folder of all runs; default `runs`. */
  readonly out?: string | undefined;
  /** Only the run of this name (and those it continues). */
  readonly run?: string | undefined;
  /** `name=value` for each param. */
  readonly set?: readonly string[] | undefined;
  /** `name=off|warning|error` for each rule. */
  readonly rule?: readonly string[] | undefined;
  /** False: `--no-cache`. */
  readonly cache?: boolean | undefined;
  /** Bytes of all cached features, with a unit. */
  readonly cacheSize?: string | undefined;
  /** Read all images, so that a changed pixel is noticed when the run goes on. */
  readonly hashData?: boolean | undefined;
  readonly acceptChangedData?: boolean | undefined;
  /** Seconds between checkpoints. */
  readonly checkpointEvery?: number | undefined;
  /** Folder of an interrupted or killed run to go on with; true: the last one. There is no file then. */
  readonly resume?: string | true | undefined;
}

const latest = async (out = 'runs'): Promise<string> => {
  const folder = await findResumable(out);
  process.stderr.write(`tlp: goes on with ${folder}\n`);
  return folder;
};

/** What is to be trained; null when the file has errors, which are then on stderr. */
const read = async (file: string | undefined, options: RunOptions): Promise<Training | null> => {
  const { resume, run, epochs, seed, limit, set, rule } = options;
  if (resume !== undefined) {
    const changed = Object.entries({ run, epochs, seed, limit, set, rule }).filter(([, value]) => value !== undefined);
    if (file !== undefined || changed.length > 0) {
      const what = file !== undefined ? 'a file' : changed.map(([name]) => `--${name}`).join(' and ');
      throw new CommandError(`--resume goes on with the run as it was: leave ${what} away`);
    }
    return resumeTraining(resume === true ? await latest(options.out) : resume);
  }
  if (file === undefined) throw new CommandError('which file? Write tlp run FILE, or tlp run --resume FOLDER');
  const checked = await checkHere(file, { set, rule });
  const plan = reportChecked(checked);
  return plan && openTraining(plan, file, checked.text, { run, epochs, seed });
};

const exitCodeOf = (results: readonly RunResult[], interrupted: boolean): number => {
  if (interrupted || results.some(({ status }) => status === 'interrupted')) return exitCode.interrupted;
  return results.some(({ status }) => status === 'diverged') ? exitCode.cannotRun : exitCode.done;
};

/** Trains, and cleans up when the process ends at once: by a second Ctrl-C, or because nobody reads its output any more. */
const train = async (
  { plan, text, resumed }: Training,
  options: RunOptions,
  listener: Listener,
  { signal }: Interrupt,
): Promise<readonly RunResult[]> => {
  const cache = options.cache === false ? null : cacheSettings(options.cacheSize, process.env);
  let folder: RunFolder | null = null;
  const abandon = (): void => {
    if (folder !== null) abandonFolder(folder, signal.aborted);
  };
  process.once('exit', abandon);
  try {
    const results = await trainPlan({
      plan,
      text,
      version,
      engines,
      device: options.device ?? 'auto',
      limit: options.limit ?? resumed?.limit ?? undefined,
      cache,
      verify: process.env.TLP_VERIFY === '1',
      out: options.out ?? resumed?.out ?? 'runs',
      time: resumed?.time ?? undefined,
      checkpointEvery: options.checkpointEvery,
      hashData: options.hashData,
      acceptChangedData: options.acceptChangedData,
      listeners: [listener],
      signal,
      onFolder: (opened) => {
        folder = opened;
      },
      resume: resumed?.point ?? undefined,
      ...(resumed === null ? {} : { finished: resumed.finished }),
    });
    await resumed?.removeLeftover();
    return results;
  } finally {
    process.off('exit', abandon);
  }
};

const once = 'Ctrl-C: the run ends after this step and is kept. Press Ctrl-C again to end at once and keep nothing.';

/** Trains; the exit code is 0 done, 1 errors in the file, 2 (a part of it) could not be run or diverged, 130 interrupted. */
export const run = (file: string | undefined, options: RunOptions = {}): Promise<number> =>
  guarded(async () => {
    const training = await read(file, options);
    if (training === null) return exitCode.pipelineErrors;
    const { missing } = training;
    const sayMissing = (more: string): void => {
      if (missing.length > 0) process.stderr.write(`tlp: ${notRunYetLine(missing)}${more}\n`);
    };
    sayMissing('; the other runs are trained');
    const output = await openOutput(options.json === true);
    for (const message of training.resumed?.notes ?? []) output.listener({ type: 'warning', message });
    const interrupt = catchInterrupt(() => output.listener({ type: 'warning', message: once }));
    try {
      const results = await train(training, options, output.listener, interrupt);
      const code = exitCodeOf(results, interrupt.signal.aborted);
      return code === exitCode.done && missing.length > 0 ? exitCode.cannotRun : code;
    } finally {
      interrupt.release();
      await output.done();
      if (process.stdout.isTTY) sayMissing('');
    }
  });
