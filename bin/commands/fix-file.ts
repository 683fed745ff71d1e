// Verb: a checked file to the same file with its findings cured, written or shown.
import { readFileSync } from 'node:fs';
import { type CheckResult, keepsRuns } from '../../src/compiler/check.ts';
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
  const { name } = checked;
  const before = sourceOf(name, checked.text);
  const { text, applied, check } = cured(checked, options.unsafeFixes === true);
  if (options.diff === true) process.stdout.write(diffLines(name, before.text, text));
  else if (file === '-') process.stdout.write(text);
  else if (applied.length > 0) writeFile(file, hasMark(file) ? `\ufeff${text}` : text);
  if (applied.length === 0) return { checked, cured: 0 };
  return { checked: { ...checked, text, ...check(text) }, cured: applied.length };
};

/** The text with its cures, and what checks a text, each once. Nothing is written. */
const cured = ({ name, text, check, ...seen }: CheckedFile, unsafe: boolean) => {
  const known = new Map<string, CheckResult>([[text, seen]]);
  const once = (changed: string): CheckResult => {
    const result = known.get(changed) ?? check!(changed);
    known.set(changed, result);
    return result;
  };
  const keeps = (from: string, to: string): boolean => keepsRuns(once(from), once(to));
  return {
    ...fixUntilStable(sourceOf(name, text), (changed) => once(changed).diagnostics, unsafe, keeps),
    check: once,
  };
};

/** Longer texts are not tried with their cures only to count them. */
const MOST_TRIED = 20_000;

/** How many findings of a file its cures would cure: safe ones, and all; none of a long one. */
export const curable = (checked: CheckedFile): { readonly safe: number; readonly all: number } => {
  const offered = checked.diagnostics.flatMap(({ fix }) => fix ?? []);
  if (checked.check === null || offered.length === 0 || checked.text.length > MOST_TRIED) return { safe: 0, all: 0 };
  const safe = offered.some((fix) => fix.safe) ? cured(checked, false).applied.length : 0;
  return { safe, all: offered.every((fix) => fix.safe) ? safe : cured(checked, true).applied.length };
};

/** A byte order mark is no part of the text, and stays where there is one. */
const hasMark = (file: string): boolean =>
  readFileSync(file)
    .subarray(0, 3)
    .equals(Uint8Array.of(0xef, 0xbb, 0xbf));
