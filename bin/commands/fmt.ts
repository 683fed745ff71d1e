// Verb: `tlp fmt FILES…`: writes files in the one canonical style. A file with syntax errors stays as it is.
import { BYTES_TO_READ, decode } from '../../src/parser/decode.ts';
import type { Diagnostic } from '../../src/parser/diagnostic.ts';
import { format } from '../../src/parser/format.ts';
import { parse } from '../../src/parser/parse.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { plain } from '../../src/report/plain-text.ts';
import { notAFile, readRegular, readStandardInput } from '../../src/runtime/read-regular.ts';
import { wantsColor } from './check-here.ts';
import { diffLines } from './diff-lines.ts';
import { CommandError, guarded } from './fail.ts';
import { writeFile } from './write-file.ts';

export interface FmtOptions {
  /** Write nothing; exit 1 where a file would change. */
  readonly check?: boolean | undefined;
  /** Write nothing; show what would change. */
  readonly diff?: boolean | undefined;
}

/** `-`: standard input to standard output. Exit 0, 1 where a file has errors or (with --check, --diff) would change. */
export const fmt = (files: readonly string[], options: FmtOptions = {}): Promise<number> =>
  guarded(async () => files.map((file) => formatFile(file, options)).reduce((worst, code) => Math.max(worst, code), 0));

const formatFile = (file: string, options: FmtOptions): number => {
  const before = read(file);
  if (before === null) return 1;
  const after = format(before);
  const changed = before !== after;
  if (options.diff === true) process.stdout.write(changed ? diffLines(file, before, after) : '');
  else if (options.check === true)
    process.stdout.write(changed ? `${plain(file)} is not in the canonical style\n` : '');
  else if (file === '-') process.stdout.write(after);
  else if (changed) {
    writeFile(file, after);
    process.stdout.write(`formatted ${plain(file)}\n`);
  }
  return changed && (options.diff === true || options.check === true) ? 1 : 0;
};

/** The text, or null where it has errors (which are on stderr then). */
const read = (file: string): string | null => {
  const name = file === '-' ? '<stdin>' : file;
  let bytes: Uint8Array;
  try {
    bytes = file === '-' ? readStandardInput(BYTES_TO_READ) : readRegular(file, BYTES_TO_READ);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      { ENOENT: 'there is no such file', EISDIR: 'it is a folder' }[code] ??
      notAFile(error)?.replace(/^is/, 'it is') ??
      (code || String(error));
    throw new CommandError(`${name} cannot be read: ${why}`, 1);
  }
  const decoded = decode(name, bytes);
  const parsed = 'source' in decoded ? parse(decoded.source) : null;
  const diagnostics: readonly Diagnostic[] =
    'diagnostic' in decoded ? [decoded.diagnostic] : (parsed?.diagnostics ?? []);
  if (parsed !== null && diagnostics.length === 0) return new TextDecoder().decode(bytes);
  const sources = new Map(parsed === null ? [] : [[name, parsed.source]]);
  process.stderr.write(renderDiagnostics(diagnostics, sources, { color: wantsColor(process.stderr) }));
  process.stderr.write(`${name} stays as it is\n`);
  return null;
};
