// Verb: what a plan is compared with → that plan: a pipeline, a plan as JSON or YAML, or the folder of a run.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../src/compiler/plan/verify.ts';
import { type CheckFileOptions, checkFile, reportChecked } from './check-file.ts';
import { CommandError } from './fail.ts';

/** Null where a pipeline has errors, which are on stderr then. Throws CommandError for anything else. */
export const readPlan = async (path: string, options: CheckFileOptions): Promise<Plan | null> => {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? join(path, 'plan.yaml') : path;
  if (!isFolder && !/\.(json|ya?ml)$/.test(file)) return reportChecked(await checkFile(file, options));
  if (isFolder && !existsSync(file)) {
    throw new CommandError(`${path} holds no plan.yaml: name the folder of one run, a plan or a pipeline`);
  }
  let read: unknown;
  try {
    read = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new CommandError(`${file} is no plan to compare with: ${message}`);
  }
  const [problem] = verifyPlan(read);
  if (problem !== undefined) throw new CommandError(`${file} is no plan: ${problem}`);
  return read as Plan;
};
