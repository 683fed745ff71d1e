// Noun: what is wrong with a file, where, why, and what to do about it.
import type { Span } from './source.ts';

export type Severity = 'error' | 'warning';

/** A kind of finding: a stable code and name. One file each in rules/. */
export interface Rule {
  /** `TLP1107`. 10xx reading, 11xx names, 12xx values, 20xx plan errors, 21xx plan warnings, 30xx network errors. */
  readonly code: string;
  /** `unknown-name`, kebab-case. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence: what the rule finds. */
  readonly summary: string;
  /** A paragraph for `tlp explain`: why it matters and what to do. */
  readonly explanation: string;
  /** A file that the rule finds something in, and the same file made right. */
  readonly bad: string;
  readonly good: string;
}

/** A change of the text; `textEdits` makes plain replacements of it. */
export type FixEdit =
  | { readonly kind: 'replace'; readonly span: Span; readonly text: string }
  /** A statement of its own before this one. */
  | { readonly kind: 'insert'; readonly span: Span; readonly text: string }
  /** A statement, argument or comment goes, with its separator, and with its line where nothing else stands on it. */
  | { readonly kind: 'remove'; readonly span: Span }
  /** A part, with the comments above it, goes behind another one. */
  | { readonly kind: 'move'; readonly span: Span; readonly behind: Span };

/** What cures a finding. */
export interface Fix {
  /** For editors and reports: what it does, as in Write `adam`. */
  readonly title: string;
  readonly edits: readonly FixEdit[];
  /** Keeps the meaning, or restores the only possible one; false: look at what it makes of the file. */
  readonly safe: boolean;
}

export interface Diagnostic {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly span: Span;
  /** The cause. */
  readonly message: string;
  /** Short text under the carets. */
  readonly label?: string;
  /** The cure. */
  readonly help?: string;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  readonly fix?: Fix;
}

/** A finding of a rule. */
export const finding = (
  rule: Rule,
  span: Span,
  message: string,
  more: Partial<Pick<Diagnostic, 'label' | 'help' | 'related' | 'fix'>> = {},
): Diagnostic => ({ code: rule.code, name: rule.name, severity: rule.severity, span, message, ...more });

/** Errors after which nothing more is looked for: what follows them says nothing. */
export const MOST_MISTAKES = 500;

/** In the order of the text; the same finding twice becomes one. */
export const sortDiagnostics = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const seen = new Set<string>();
  return diagnostics
    .filter((d) => {
      const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .map((diagnostic, index) => ({ diagnostic, index }))
    .sort(
      (a, b) =>
        compare(a.diagnostic.span.file, b.diagnostic.span.file) ||
        a.diagnostic.span.start - b.diagnostic.span.start ||
        a.index - b.index,
    )
    .map(({ diagnostic }) => diagnostic);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
