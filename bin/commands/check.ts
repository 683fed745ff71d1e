// Verb: `tlp check FILES…`: findings of all files, and a summary. Exit 0 clean, 1 findings, 2 the tool failed.
import { rules } from '../../src/compiler/findings/index.ts';
import type { Diagnostic } from '../../src/parser/diagnostic.ts';
import { renderDiagnostics, summary } from '../../src/parser/render-diagnostic.ts';
import type { Source } from '../../src/parser/source.ts';
import type { CheckedFile } from '../../src/session/check-file.ts';
import { checkHere, type FileOptions, wantsColor } from './check-here.ts';
import { cures } from './cures.ts';
import { CommandError, guarded } from './fail.ts';

export interface CheckCommandOptions extends FileOptions {
  readonly format?: string | undefined;
  readonly errorOnWarnings?: boolean | undefined;
  /** Apply the cures that keep the meaning. */
  readonly fix?: boolean | undefined;
  /** Apply the others, too. */
  readonly unsafeFixes?: boolean | undefined;
  /** Show what the cures would change, and write nothing. */
  readonly diff?: boolean | undefined;
}

export const check = (files: readonly string[], options: CheckCommandOptions = {}): Promise<number> =>
  guarded(async () => {
    const fixing = options.fix === true || options.unsafeFixes === true || options.diff === true;
    const found: CheckedFile[] = [];
    let cured = 0;
    for (const file of files) {
      const checked = await checkHere(file, options);
      if (!fixing) {
        found.push(checked);
        continue;
      }
      const { fixFile } = await import('./fix-file.ts');
      const after = fixFile(file, checked, options);
      cured += after.cured;
      found.push(after.checked);
    }
    const diagnostics = found.flatMap((checked) => checked.diagnostics);
    if (options.diff === true) return cured > 0 ? 1 : 0;
    const sources = new Map<string, Source>(found.flatMap((checked) => [...checked.sources]));
    const failing = diagnostics.some((d) => d.severity === 'error' || options.errorOnWarnings === true);
    if (fixing && files.includes('-')) {
      // The text itself is on standard output.
      if (diagnostics.length > 0) process.stderr.write(rendered(diagnostics, sources, process.stderr));
      return failing ? 1 : 0;
    }
    const format = options.format ?? 'text';
    if (format === 'text') {
      const shown = diagnostics.length === 0 ? '' : rendered(diagnostics, sources, process.stdout);
      process.stdout.write(
        `${shown}${summary(diagnostics, files.length)}\n${cures(await offered(found, cured, options))}`,
      );
    } else {
      const { formats } = await import('../../src/report/check-formats.ts');
      const print = formats[format];
      if (print === undefined) throw new CommandError(`there is no format "${format}"`);
      process.stdout.write(print({ diagnostics, sources, rules, files: files.length }));
    }
    return failing ? 1 : 0;
  });

/** What was cured, and what `--fix` and `--unsafe-fixes` would cure; what they tried already is not offered again. */
const offered = async (found: readonly CheckedFile[], applied: number, options: CheckCommandOptions) => {
  const { curable } = await import('./fix-file.ts');
  if (options.unsafeFixes === true) return { applied, safe: 0, all: 0 };
  const counts = found.map(curable);
  const safe = options.fix === true ? 0 : counts.reduce((sum, each) => sum + each.safe, 0);
  return {
    applied,
    safe,
    all: Math.max(
      safe,
      counts.reduce((sum, each) => sum + each.all, 0),
    ),
  };
};

const rendered = (
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  stream: { readonly isTTY?: boolean },
): string => `${renderDiagnostics(diagnostics, sources, { color: wantsColor(stream) })}\n`;
