// Verb: a checked file to the same file with its findings cured, written or shown.
import { readFileSync } from 'node:fs';
import { fixUntilStable } from '../../src/parser/fix.ts';
import { sourceOf } from '../../src/parser/source.ts';
import type { CheckedFile } from '../../src/session/check-file.ts';
import { diffLines } from './diff-lines.ts';
import { writeFile } from './write-file.ts';

export interface FixFileOptions {
  readonly unsafeFixes?: boolean | undefined;
  readonly diff?: boolean | undefined;
}

/** The file as it is then, and how many findings were cured. `-` goes to standard output. Throws CommandError. */
export const fixFile = (
  file: string,
  checked: CheckedFile,
  options: FixFileOptions,
): { readonly checked: CheckedFile; readonly cured: number } => {
  if (checked.check === null) return { checked, cured: 0 };
  const { name, check } = checked;
  const before = sourceOf(name, checked.text);
  const { text, applied } = fixUntilStable(
    before,
    (changed) => check(changed).diagnostics,
    options.unsafeFixes === true,
  );
  if (options.diff === true) process.stdout.write(diffLines(name, before.text, text));
  else if (file === '-') process.stdout.write(text);
  else if (applied.length > 0) writeFile(file, hasMark(file) ? `\ufeff${text}` : text);
  return { checked: { ...checked, text, ...check(text) }, cured: applied.length };
};

/** A byte order mark is no part of the text, and stays where there is one. */
const hasMark = (file: string): boolean =>
  readFileSync(file)
    .subarray(0, 3)
    .equals(Uint8Array.of(0xef, 0xbb, 0xbf));
