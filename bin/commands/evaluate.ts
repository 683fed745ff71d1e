// Verb: `tlp evaluate RUN`: how good a finished run is on its test split, on other data, or on a folder of images.
import { evaluationJson, printEvaluation } from '../../src/report/print-evaluation.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { evaluateRun, type SplitName } from '../../src/session/evaluate-run.ts';
import { exitCode, guarded } from './fail.ts';
import { readData } from './read-data.ts';
import { say } from './say.ts';

export interface EvaluateOptions {
  /** A pipeline, or a folder with one folder of images for each class. */
  readonly data?: string | undefined;
  readonly split?: SplitName | undefined;
  readonly json?: boolean | undefined;
  readonly device?: string | undefined;
}

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
      say('the data have no test split: this is measured on validation');
    }
    const print = options.json === true ? evaluationJson : printEvaluation;
    process.stdout.write(print(run, evaluation));
    return exitCode.done;
  });
