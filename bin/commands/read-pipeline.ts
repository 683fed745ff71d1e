// Verb: file name → checked plan, or findings on stderr.
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { checkFile, reportChecked } from './check-file.ts';

export interface Pipeline {
  readonly plan: Plan;
  readonly text: string;
}

/** Null when the file cannot be read or has errors; its findings are on stderr then. */
export const readPipeline = async (
  file: string,
  options: { readonly set?: readonly string[] | undefined },
): Promise<Pipeline | null> => {
  const checked = await checkFile(file, options.set);
  const plan = reportChecked(checked);
  return plan && { plan, text: checked.text };
};
