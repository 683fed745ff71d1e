// Verb: `tlp run`: arguments → training, listeners → exit code.
import { notRunYetLine } from '../../src/compiler/plan/trainable.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import type { RunResult } from '../../src/runtime/events.ts';
import type { RunFolder } from '../../src/runtime/run-folder/run-folder.ts';
import { isResumable } from '../../src/runtime/run-state.ts';
import { cacheSettings } from '../../src/session/cache-settings.ts';
import { findResumable } from '../../src/session/find-resumable.ts';
import { openTraining, resumeTraining, type Training } from '../../src/session/open-training.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded, reportFailure } from './fail.ts';
import { catchInterrupt } from './interrupt.ts';
import { type Output, openOutput } from './output.ts';
import { resumeLines } from './resume-lines.ts';
import { say } from './say.ts';
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
  say(`goes on with ${folder}`);
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

/** How each way in which a run ends is told by the exit code: the first that some run has counts. */
const codes: readonly (readonly [(result: RunResult) => boolean, number])[] = [
  [({ status }) => status === 'failed', exitCode.cannotRun],
  [({ status }) => status === 'interrupted', exitCode.interrupted],
  [({ status, reason }) => status === 'diverged' || reason !== undefined, exitCode.cannotRun],
];

const exitCodeOf = (results: readonly RunResult[], interrupted: boolean): number => {
  const [, code] = codes.find(([isMeant]) => results.some(isMeant)) ?? [];
  return code ?? (interrupted ? exitCode.interrupted : exitCode.done);
};

/** What is said when a run begins to end, to a person and to nobody. */
const ending = 'The run ends after this step and is kept.';
const again = (resumed: boolean): string =>
  `Ctrl-C: the run ends after this step and is kept. Press Ctrl-C again to end at once and keep ${
    resumed ? 'only what there was before' : 'nothing'
  }.`;

/** What a training leaves to be said, below its last frame. */
interface Trained {
  readonly code: number;
  /** Folders of runs that can go on. */
  readonly unfinished: readonly string[];
  /** Errors that ended a run, or kept its scores from being measured. */
  readonly faults: readonly unknown[];
}

const train = async ({ plan, text, resumed }: Training, options: RunOptions, output: Output): Promise<Trained> => {
  const cache = options.cache === false ? null : cacheSettings(options.cacheSize, process.env);
  let folder: RunFolder | null = null;
  const kept: string[] = [];
  const faults: unknown[] = [];
  const interrupt = catchInterrupt(
    {
      onEnd: (person) => {
        const message = person ? again(resumed !== null) : ending;
        output.listener({ type: 'warning', message });
        // who presses a key does not see what goes to a pipe
        if (person && !process.stdout.isTTY) process.stderr.write(`tlp: ${message}\n`);
      },
      onGiveUp: () => {
        folder?.discardNow();
        process.stderr.write(
          `tlp: ended at once; ${resumed === null ? 'nothing of this run is kept' : 'the run is as it was before'}\n`,
        );
      },
    },
    output.drawn,
  );
  try {
    const results = await trainPlan({
      plan,
      text,
      version,
      engines,
      device: options.device ?? 'auto',
      limit: options.limit ?? resumed?.limit,
      cache,
      verify: process.env.TLP_VERIFY === '1',
      out: options.out ?? 'runs',
      checkpointEvery: options.checkpointEvery,
      hashData: options.hashData,
      acceptChangedData: options.acceptChangedData,
      listeners: [output.listener],
      signal: interrupt.signal,
      onFolder: (opened) => {
        folder = opened;
      },
      onKept: (left) => void kept.push(left),
      onFault: (error) => void faults.push(error),
      resume: resumed ?? undefined,
    });
    const unfinished = results.filter(isResumable).map((result) => result.folder);
    return { code: exitCodeOf(results, interrupt.signal.aborted), unfinished, faults };
  } catch (error) {
    // a download that was interrupted is no failure
    const aborted = interrupt.signal.aborted && error === interrupt.signal.reason;
    const code = aborted ? exitCode.interrupted : exitCode.cannotRun;
    return { code, unfinished: kept, faults: aborted ? faults : [...faults, error] };
  } finally {
    interrupt.release();
    await output.done();
  }
};

/** Trains; the exit code is 0 done, 1 errors in the file, 2 (a part of it) could not be run, failed or diverged, 130 interrupted. */
export const run = (file: string | undefined, options: RunOptions = {}): Promise<number> =>
  guarded(async () => {
    const training = await read(file, options);
    if (training === null) return exitCode.pipelineErrors;
    const { missing } = training;
    const sayMissing = (more: string): void => {
      if (missing.length > 0) say(`${notRunYetLine(missing)}${more}`);
    };
    sayMissing('; the other runs are trained');
    const { code, unfinished, faults } = await train(training, options, await openOutput(options.json === true));
    if (process.stdout.isTTY) sayMissing('');
    const failed = faults.map((fault) => reportFailure(fault));
    process.stderr.write(resumeLines(unfinished, options));
    if (code === exitCode.interrupted) return code;
    return failed.at(-1) ?? (code === exitCode.done && missing.length > 0 ? exitCode.cannotRun : code);
  });
