// Verb: YAML or JSON text → plan, or what keeps it from being one. What `printPlan` writes comes back.
import { parse } from 'yaml';
import type { Plan } from './plan.ts';
import { verifyPlan } from './verify.ts';

export type ParsedPlan = { readonly plan: Plan } | { readonly problem: string };

/** `problem` is half a sentence: `is not valid YAML: …`, `does not fit the schema of plans: /runs/0/seed must be integer`. */
export const parsePlan = (text: string): ParsedPlan => {
  if (text.trim() === '') return { problem: 'is empty' };
  let read: unknown;
  try {
    read = parse(text, { logLevel: 'error' });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/:$/, '') : String(error);
    return { problem: `is not valid YAML: ${message}` };
  }
  const [problem] = verifyPlan(read);
  return problem === undefined ? { plan: read as Plan } : { problem: `does not fit the schema of plans: ${problem}` };
};
