// Noun: what the planner carries through a file: findings, named values, and where each piece of the plan came from.
import type { Value } from '../../parser/ast.ts';
import { type Diagnostic, MOST_MISTAKES, sortDiagnostics } from '../../parser/diagnostic.ts';
import type { Source, Span } from '../../parser/source.ts';

/** Where an object of the plan and each of its fields were written. */
export interface Mark {
  readonly span: Span;
  readonly fields: Readonly<Record<string, Span>>;
}

export interface Scope {
  readonly diagnostics: Diagnostic[];
  /** All texts that findings speak of. */
  readonly sources: Source[];
  /** Values of `let` and `param`. */
  readonly values: ReadonlyMap<string, Value>;
  /** Names whose definition is damaged: using one is no further mistake. */
  readonly damaged: ReadonlySet<string>;
  /** Names that something used. */
  readonly used: Set<string>;
  readonly marks: Map<object, Mark>;
}

/** Thrown by `report` where so much is wrong that the rest is not looked at. */
export class EnoughFound extends Error {}

/** Throws EnoughFound behind the last of MOST_MISTAKES that differ. */
export const report = (scope: Scope, diagnostic: Diagnostic): undefined => {
  const { diagnostics } = scope;
  diagnostics.push(diagnostic);
  // Runs and combinations of a sweep find the same again; to count what differs is dear, and done at each doubling alone.
  const due = diagnostics.length > MOST_MISTAKES && Number.isInteger(Math.log2(diagnostics.length / MOST_MISTAKES));
  if (due && sortDiagnostics(diagnostics).length > MOST_MISTAKES) throw new EnoughFound();
  return undefined;
};

/** Runs `work` and says whether it went without an error. */
export const watched = <T>(scope: Scope, work: () => T): { readonly value: T; readonly ok: boolean } => {
  const before = scope.diagnostics.length;
  const value = work();
  return { value, ok: !scope.diagnostics.slice(before).some((d) => d.severity === 'error') };
};

export const mark = <T extends object>(
  scope: Scope,
  object: T,
  span: Span,
  fields: Readonly<Record<string, Span>> = {},
): T => {
  scope.marks.set(object, { span, fields });
  return object;
};
