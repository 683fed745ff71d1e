// Verb: what a plan is compared with → that plan: a plan as JSON or YAML, or the folder of a run.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Plan } from '../compiler/plan/plan.ts';
import { verifyPlan } from '../compiler/plan/verify.ts';
import { SessionError } from './session-error.ts';

/** Whether a path names a plan or the folder of a run, not a pipeline. */
export const holdsPlan = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true || /\.(json|ya?ml)$/.test(path);

/** `path` as `holdsPlan` takes it. Throws SessionError for anything else. */
export const readPlan = (path: string): Plan => {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? join(path, 'plan.yaml') : path;
  if (isFolder && !existsSync(file)) {
    throw new SessionError(`${path} holds no plan.yaml: name the folder of one run, a plan or a pipeline`);
  }
  let read: unknown;
  try {
    read = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new SessionError(`${file} is no plan to compare with: ${message}`);
  }
  const [problem] = verifyPlan(read);
  if (problem !== undefined) throw new SessionError(`${file} is no plan: ${problem}`);
  return read as Plan;
};
