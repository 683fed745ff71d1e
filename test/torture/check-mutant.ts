// Verb: a wrong text to what does not hold of checking and curing it; null where all holds.
import { type CheckResult, checkText, keepsRuns } from '../../src/compiler/check.ts';
import { fixUntilStable } from '../../src/parser/fix.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';
import { sourceOf } from '../../src/parser/source.ts';

const NAME = 'mutated.tlp';

const errorsOf = ({ diagnostics }: CheckResult): number =>
  diagnostics.filter(({ severity }) => severity === 'error').length;

/** Findings point into their text and can be shown. */
const badSpan = ({ diagnostics, sources }: CheckResult): string | null => {
  for (const { code, span, related = [] } of diagnostics) {
    for (const { file, start, end } of [span, ...related.map((r) => r.span)]) {
      const length = sources.get(file)?.text.length ?? -1;
      if (!(start >= 0 && start <= end && end <= length)) return `${code} points to ${file} ${start}..${end}`;
    }
  }
  return renderDiagnostics(diagnostics, sources, { color: false }).includes('undefined')
    ? 'a finding of undefined'
    : null;
};

/** Cures make errors or findings fewer, bring none of a new kind, and a second call changes nothing; safe ones leave plans alone. */
const badCure = (text: string, before: CheckResult, unsafe: boolean): string | null => {
  const kind = unsafe ? 'unsafe' : 'safe';
  const fix = (from: string): string => {
    const check = (next: string) => checkText(next, NAME);
    const keeps = (one: string, other: string) => keepsRuns(check(one), check(other));
    return fixUntilStable(sourceOf(NAME, from), (next) => check(next).diagnostics, unsafe, keeps).text;
  };
  const cured = fix(text);
  if (cured === text) return null;
  const after = checkText(cured, NAME);
  const codes = new Set(before.diagnostics.map(({ code }) => code));
  const fewer = errorsOf(after) < errorsOf(before);
  const fresh = after.diagnostics.find(({ code, severity }) => !codes.has(code) && (severity === 'error' || !fewer));
  if (fresh !== undefined) return `${kind} cures bring ${fresh.code}`;
  if (errorsOf(after) > errorsOf(before)) return `${kind} cures add errors`;
  if (!fewer && after.diagnostics.length >= before.diagnostics.length)
    return `${kind} cures do not make the findings fewer`;
  if (!unsafe) {
    if (!keepsRuns(before, after)) return 'safe cures change the plan of a run that was whole';
  }
  return fix(cured) === cured ? null : `${kind} cures change something at the second call`;
};

/** Seconds of the processor that a text may take. */
const MOST_SECONDS = 5;

export interface Checked {
  readonly problem: string | null;
  /** Of the processor, of the check alone. */
  readonly seconds: number;
}

/** @param cure whether cures are tried, too */
export const checkMutant = (text: string, cure: boolean): Checked => {
  const begin = process.cpuUsage();
  try {
    const before = checkText(text, NAME);
    const { user, system } = process.cpuUsage(begin);
    const seconds = (user + system) / 1e6;
    const slow = seconds > MOST_SECONDS ? `the check took ${seconds.toFixed(1)} s` : null;
    const cures = cure ? (badCure(text, before, false) ?? badCure(text, before, true)) : null;
    return { problem: badSpan(before) ?? slow ?? cures, seconds };
  } catch (error) {
    return { problem: error instanceof Error ? (error.stack ?? error.message) : String(error), seconds: 0 };
  }
};
