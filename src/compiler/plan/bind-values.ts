// Verb: `let`, `param` and what is set from outside, to named values.
import type { Let, Param, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { duplicateName, outOfRange } from '../rules/words.ts';
import { evaluate } from './evaluate.ts';
import { report, type Scope } from './scope.ts';

/** The scope with the names of a file; `set` replaces the values of params. */
export const bindValues = (scope: Scope, items: readonly (Let | Param)[], set: ReadonlyMap<string, Value>): Scope => {
  const values = new Map<string, Value>();
  const damaged = new Set<string>();
  const inner: Scope = { ...scope, values, damaged };
  const first = new Map<string, Let | Param>();
  for (const item of items) {
    if (item.name === null) continue;
    const name = item.name.text;
    const before = first.get(name);
    if (before !== undefined) {
      report(
        scope,
        finding(duplicateName, item.name.span, `\`${name}\` has a value already.`, {
          help: 'Give one of them another name.',
          related: [{ span: before.name!.span, message: 'the first one' }],
        }),
      );
      continue;
    }
    first.set(name, item);
    const given = item.kind === 'param' ? set.get(name) : undefined;
    const value = item.broken || item.value === null ? undefined : evaluate(inner, given ?? item.value);
    if (value === undefined) {
      damaged.add(name);
      continue;
    }
    if (item.kind === 'param' && item.allowed !== null) checkAllowed(inner, item, value);
    values.set(name, value);
  }
  return inner;
};

const checkAllowed = (scope: Scope, item: Param, value: Value): void => {
  const allowed = evaluate(scope, item.allowed!);
  if (allowed === undefined) return;
  if (holds(allowed, value)) return;
  report(
    scope,
    finding(outOfRange, value.span, `\`${item.name!.text}\` is not among the values that its param allows.`, {
      help: 'Choose another value, or widen what stands after `in`.',
      related: [{ span: allowed.span, message: 'allowed here' }],
    }),
  );
};

const holds = (allowed: Value, value: Value): boolean => {
  if (allowed.kind === 'list') return allowed.items.some((item) => same(item, value));
  if (allowed.kind !== 'range') return same(allowed, value);
  if (value.kind !== 'number' || allowed.low.kind !== 'number' || allowed.high.kind !== 'number') return false;
  const units = value.unit === allowed.low.unit && value.unit === allowed.high.unit;
  return units && value.value >= allowed.low.value && value.value <= allowed.high.value;
};

const same = (a: Value, b: Value): boolean => {
  if (a.kind === 'number' && b.kind === 'number') return a.value === b.value && a.unit === b.unit;
  if (a.kind === 'dims' && b.kind === 'dims') return a.sizes.join() === b.sizes.join();
  const text = (v: Value): string | null => (v.kind === 'word' || v.kind === 'text' ? v.text : null);
  return text(a) !== null && text(a) === text(b);
};
