// Verb: JSON pointers into the plan to places in the text, and findings about the plan to findings about the text.
import { type Diagnostic, finding, type Rule } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import type { Plan } from './plan.ts';
import type { Mark } from './scope.ts';

/** Where each piece of a plan was written. */
export interface Origins {
  readonly plan: Plan | null;
  readonly marks: ReadonlyMap<object, Mark>;
}

/** The place of a JSON pointer (`/runs/0/head/2/units`), or of what is around it; null where nothing of it was written. */
export const spanAt = ({ plan, marks }: Origins, pointer: string): Span | null => {
  let at: unknown = plan;
  let span: Span | null = null;
  for (const key of ['', ...pointer.split('/').slice(1).map(unescaped)]) {
    if (key !== '') {
      span = spanOfField(marks, at, key) ?? span;
      at = typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[key] : undefined;
    }
    if (typeof at !== 'object' || at === null) continue;
    span = marks.get(at)?.span ?? span;
  }
  return span;
};

/** Whether what a pointer leads to was written itself, and does not follow from something else. */
export const isWritten = ({ plan, marks }: Origins, pointer: string): boolean => {
  const held = (at: unknown, key: string): unknown =>
    typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[key] : undefined;
  const found = pointer.split('/').slice(1).map(unescaped).reduce<unknown>(held, plan);
  return typeof found === 'object' && found !== null && marks.has(found);
};

const spanOfField = (marks: ReadonlyMap<object, Mark>, object: unknown, key: string): Span | undefined =>
  typeof object === 'object' && object !== null ? marks.get(object)?.fields[key] : undefined;

const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** A finding of a rule at a pointer into the plan; at the start of the file where the pointer leads nowhere. */
export const diagnosticAt = (
  origins: Origins,
  pointer: string,
  file: string,
  rule: Rule,
  message: string,
  help?: string,
): Diagnostic =>
  finding(rule, spanAt(origins, pointer) ?? { file, start: 0, end: 0 }, message, help === undefined ? {} : { help });
