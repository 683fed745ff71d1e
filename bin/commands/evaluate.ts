// Verb: `tlp evaluate RUN`: how good a finished run is on its test split, on other data, or on a folder of images.
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { evaluationJson, printEvaluation } from '../../src/report/print-evaluation.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { type EvaluationData, evaluateRun, type SplitName } from '../../src/session/evaluate-run.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';

export interface EvaluateOptions {
  /** A pipeline, or a folder with one folder of images for each class. */
  readonly data?: string | undefined;
  readonly split?: SplitName | undefined;
  readonly json?: boolean | undefined;
  readonly device?: string | undefined;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The data block of a file: the one that all of its runs share. */
const dataOf = (plan: Plan, file: string): EvaluationData => {
  const [data, ...others] = locateData(plan, file).runs.map((run) => run.data);
  if (data === undefined || others.some((other) => !isDeepStrictEqual(other.source, data.source))) {
    throw new CommandError(`the runs of ${file} have different data: name a file whose runs share one data block`);
  }
  return { kind: 'plan', data };
};

/** What to measure on; null where the file has errors, which are then on stderr. */
const readData = async (path: string | undefined): Promise<EvaluationData | null> => {
  if (path === undefined) return { kind: 'own' };
  if (isFolder(path)) return { kind: 'folder', path };
  const plan = reportChecked(await checkHere(path, {}));
  return plan && dataOf(plan, path);
};

/** Exit 0; 1 errors in the file of --data, 2 where it cannot be measured. */
export const evaluate = (run: string, options: EvaluateOptions = {}): Promise<number> =>
  guarded(async () => {
    const data = await readData(options.data);
    if (data === null) return exitCode.pipelineErrors;
    const evaluation = await evaluateRun({
      folder: run,
      engines,
      device: options.device ?? 'auto',
      data,
      split: options.split,
    });
    if (evaluation.measured === 'validation' && options.split === undefined) {
      process.stderr.write('tlp: the data have no test split: this is measured on validation\n');
    }
    const print = options.json === true ? evaluationJson : printEvaluation;
    process.stdout.write(print(run, evaluation));
    return exitCode.done;
  });
