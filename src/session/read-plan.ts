// Verb: what a plan is compared with → that plan: a plan as JSON or YAML, or the folder of a run.
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parsePlan } from '../compiler/plan/parse-plan.ts';
import type { Plan } from '../compiler/plan/plan.ts';
import { damaged, readText } from '../runtime/run-folder/read-file.ts';
import { planFile } from '../runtime/run-folder/read-plan-file.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether a path names a plan or the folder of a run, not a pipeline. */
export const holdsPlan = (path: string): boolean => isFolder(path) || /\.(json|ya?ml)$/.test(path);

/** `path` as `holdsPlan` takes it. Throws RunFolderError where there is no plan, or a damaged one. */
export const readPlan = async (path: string): Promise<Plan> => {
  const [folder, name] = isFolder(path) ? [path, planFile] : [dirname(path), basename(path)];
  const cure = 'name the folder of one run, a plan as YAML or JSON, or a pipeline';
  const parsed = parsePlan(await readText(folder, name, { cure }));
  if ('problem' in parsed) throw damaged(folder, name, `is no plan: it ${parsed.problem}`, cure);
  return parsed.plan;
};
