// Verb: a path and the options of a command → a checked pipeline; its findings go to standard error.
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { renderDiagnostics, summary } from '../../src/parser/render-diagnostic.ts';
import { type CheckedFile, checkFile } from '../../src/session/check-file.ts';

/** The options that say something about a file from outside. */
export interface FileOptions {
  /** `name=value` for each param. */
  readonly set?: readonly string[] | undefined;
  /** `name=off|warning|error` for each rule. */
  readonly rule?: readonly string[] | undefined;
}

/** Checks a file with the environment of this process. Throws SessionError for a rule that is none. */
export const checkHere = (file: string, { set, rule }: FileOptions): Promise<CheckedFile> =>
  checkFile(file, { set, rule, environment: process.env });

/** Whether a stream gets colours: a terminal, and nobody asked for none. */
export const wantsColor = (stream: { readonly isTTY?: boolean }): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Prints the findings of a file to stderr; the plan, or null where it has errors. */
export const reportChecked = (checked: CheckedFile): Plan | null => {
  if (checked.diagnostics.length > 0) {
    const color = wantsColor(process.stderr);
    const text = renderDiagnostics(checked.diagnostics, checked.sources, { color });
    process.stderr.write(`${text}\n${summary(checked.diagnostics, 1)}\n`);
  }
  return checked.plan;
};
