// Verb: file name → checked plan, or findings on stderr.
import { readFile, stat } from 'node:fs/promises';
import { checkText } from '../../src/compiler/check.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { CommandError, exitCode } from './fail.ts';

export interface Pipeline {
  readonly plan: Plan;
  readonly text: string;
}

/** Null when the file has errors. Throws CommandError when it cannot be read. */
export const readPipeline = async (
  file: string,
  options: { readonly set?: readonly string[] | undefined },
): Promise<Pipeline | null> => {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new CommandError(`${file} is not there`, exitCode.pipelineErrors);
  const text = (await readFile(file)).toString();
  const { plan, diagnostics, sources } = checkText(text, file, { set: options.set ?? [] });
  const color = process.stderr.isTTY === true && !process.env.NO_COLOR;
  if (diagnostics.length > 0) process.stderr.write(renderDiagnostics(diagnostics, sources, { color, most: 20 }));
  return plan && { plan, text };
};
