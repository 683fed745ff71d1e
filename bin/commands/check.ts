// Verb: `tlp check FILES…`: findings of all files, and a summary. Exit 0 clean, 1 findings, 2 the tool failed.
import type { Diagnostic } from '../../src/parser/diagnostic.ts';
import type { Source } from '../../src/parser/source.ts';
import { checkFile, wantsColor } from './check-file.ts';

export interface CheckCommandOptions {
  readonly format?: string | undefined;
  readonly errorOnWarnings?: boolean | undefined;
  readonly set?: readonly string[] | undefined;
}

export const check = async (files: readonly string[], options: CheckCommandOptions = {}): Promise<number> => {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, Source>();
  for (const file of files) {
    const checked = await checkFile(file, options.set);
    diagnostics.push(...checked.diagnostics);
    for (const [name, source] of checked.sources) sources.set(name, source);
  }
  const { formats } = await import('./check-formats.ts');
  const format = formats[options.format ?? 'text'];
  if (format === undefined) {
    process.stderr.write(`tlp: there is no format "${options.format}"; use ${Object.keys(formats).join(', ')}\n`);
    return 2;
  }
  process.stdout.write(format({ diagnostics, sources, files: files.length, color: wantsColor(process.stdout) }));
  const failing = diagnostics.some((d) => d.severity === 'error' || options.errorOnWarnings === true);
  return failing ? 1 : 0;
};
