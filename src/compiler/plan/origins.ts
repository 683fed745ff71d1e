// Verb: JSON pointers into the plan to places in the text, and findings about the plan to findings about the text.
import { type Diagnostic, finding, type Rule } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import type { Plan } from './plan.ts';
import type { Mark } from './scope.ts';

/** JSON pointer (`/runs/0/head/2/units`) to the place that asked for it. */
export type Origins = ReadonlyMap<string, Span>;

export const originsOf = (plan: Plan, marks: WeakMap<object, Mark>): Origins => {
  const origins = new Map<string, Span>();
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const mark = marks.get(value);
    if (mark !== undefined) {
      if (!origins.has(pointer)) origins.set(pointer, mark.span);
      for (const [field, span] of Object.entries(mark.fields)) {
        if (field !== '') origins.set(`${pointer}/${escaped(field)}`, span);
      }
    }
    for (const [key, child] of Object.entries(value)) visit(child, `${pointer}/${escaped(key)}`);
  };
  visit(plan, '');
  return origins;
};

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The place of a pointer, or of the nearest object around it; null where nothing of it was written. */
export const spanAt = (origins: Origins, pointer: string): Span | null => {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const span = origins.get(at);
    if (span !== undefined) return span;
    if (at === '' || !at.includes('/')) return null;
  }
};

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
