// Verb: the path of other data → a folder of images, or the data block of a pipeline.
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import type { EvaluationData } from '../../src/session/evaluate-run.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError } from './fail.ts';

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The data block of a file: the one that all of its runs share. */
const dataOf = (plan: Plan, file: string): EvaluationData => {
  const [data, ...others] = locateData(plan, file).runs.map((run) => run.data);
  if (data === undefined || others.some((other) => !isDeepStrictEqual(other.source, data.source))) {
    throw new CommandError(`the runs of ${file} have different data: name a file whose runs share one data block`);
  }
  return { kind: 'plan', data };
};

/** The run's own data where no path is given; null where the file has errors, which are then on stderr. */
export const readData = async (path: string | undefined): Promise<EvaluationData | null> => {
  if (path === undefined) return { kind: 'own' };
  if (isFolder(path)) return { kind: 'folder', path };
  const plan = reportChecked(await checkHere(path, {}));
  return plan && dataOf(plan, path);
};
