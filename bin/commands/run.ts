// Verb: `tlp run`: file → check → plan → data, compiler, engine, trainer → listeners and run folder.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { notRunYetLine, runnableRuns } from '../../src/compiler/not-run-yet.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { printPlan } from '../../src/compiler/plan/print.ts';
import type { Device } from '../../src/runtime/engine/engine.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import type { RunResult } from '../../src/runtime/events.ts';
import { checkpointFile } from '../../src/runtime/run-folder/open-run-folder.ts';
import type { RunFolder } from '../../src/runtime/run-folder/run-folder.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { type Resumed, readResume } from '../../src/session/read-resume.ts';
import { selectRuns } from '../../src/session/select-runs.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { catchInterrupt } from './interrupt.ts';
import { openOutput } from './output.ts';
import { version } from './version.ts';

export interface RunOptions {
  readonly json?: boolean | undefined;
  readonly device?: Device | 'auto' | undefined;
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
  /** Folder of an interrupted or killed run to go on with; there is no file then. */
  readonly resume?: string | undefined;
}

interface Wanted {
  readonly plan: Plan;
  readonly text: string;
  readonly resumed: Resumed | null;
}

/** What is to be trained; null when the file has errors, which are then on stderr. */
const read = async (file: string | undefined, options: RunOptions): Promise<Wanted | null> => {
  const { resume, run, epochs, seed, limit, set, rule } = options;
  if (resume !== undefined) {
    const changed = Object.entries({ run, epochs, seed, limit, set, rule }).filter(([, value]) => value !== undefined);
    if (file !== undefined || changed.length > 0) {
      const what = file !== undefined ? 'a file' : changed.map(([name]) => `--${name}`).join(' and ');
      throw new CommandError(`--resume goes on with the run as it was: leave ${what} away`);
    }
    const resumed = await readResume(resume);
    return { plan: resumed.plan, text: resumed.text, resumed };
  }
  if (file === undefined) throw new CommandError('which file? Write tlp run FILE, or tlp run --resume FOLDER');
  const checked = await checkHere(file, { set, rule });
  const plan = reportChecked(checked);
  return plan && { plan: selectRuns(locateData(plan, file), options), text: checked.text, resumed: null };
};

const exitCodeOf = (results: readonly RunResult[], interrupted: boolean): number => {
  if (interrupted || results.some(({ status }) => status === 'interrupted')) return exitCode.interrupted;
  return results.some(({ status }) => status === 'diverged') ? exitCode.cannotRun : exitCode.done;
};

const once = 'Ctrl-C: the run ends after this step and is kept. Press Ctrl-C again to end at once and keep nothing.';

/** Trains; the exit code is 0 done, 1 errors in the file, 2 (a part of it) could not be run or diverged, 130 interrupted. */
export const run = (file: string | undefined, options: RunOptions = {}): Promise<number> =>
  guarded(async () => {
    const wanted = await read(file, options);
    if (wanted === null) return exitCode.pipelineErrors;
    const { text, resumed } = wanted;
    const { plan, missing } = runnableRuns(wanted.plan);
    const sayMissing = (more: string): void => {
      if (missing.length > 0) process.stderr.write(`tlp: ${notRunYetLine({ missing })}${more}\n`);
    };
    if (plan.runs.length === 0) throw new CommandError(notRunYetLine({ missing }));
    sayMissing('; the other runs are trained');
    const output = await openOutput(options.json === true);
    let folder: RunFolder | null = null;
    const interrupt = catchInterrupt(() => output.listener({ type: 'warning', message: once }));
    /** When the process ends at once: by a second Ctrl-C, or because nobody reads its output any more. */
    const dropFolder = (): void => {
      if (folder === null) return;
      const resumable = !interrupt.signal.aborted && existsSync(join(folder.partial, checkpointFile));
      try {
        if (!resumable) rmSync(folder.partial, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // the next run removes it
      }
    };
    process.once('exit', dropFolder);
    try {
      const results = await trainPlan({
        ...{ plan, text, printPlan, version, engine: onnxEngine, device: options.device ?? 'auto' },
        ...{ limit: options.limit, out: options.out ?? 'runs', listener: output.listener, signal: interrupt.signal },
        verify: process.env.TLP_VERIFY === '1',
        onFolder: (opened) => {
          folder = opened;
        },
        ...(resumed ? { resume: resumed } : {}),
      });
      await resumed?.removeLeftover();
      const code = exitCodeOf(results, interrupt.signal.aborted);
      return code === exitCode.done && missing.length > 0 ? exitCode.cannotRun : code;
    } finally {
      interrupt.release();
      process.off('exit', dropFolder);
      await output.done();
      if (process.stdout.isTTY) sayMissing('');
    }
  });
