// Verb: `let`, `param` and what is set from outside, to named values.
import type { Let, Param, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { duplicateName, outOfRange, wrongType } from '../findings/words.ts';
import { evaluate } from './evaluate.ts';
import { report, type Scope } from './scope.ts';
import { showValue } from './show-value.ts';

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
    if (item.kind === 'param' && !isAllowed(inner, item, value, given !== undefined)) {
      damaged.add(name);
      continue;
    }
    values.set(name, value);
  }
  return inner;
};

/** Whether a param may have a value: one that its `in` allows, or without `in` one of the same kind as its own. */
const isAllowed = (scope: Scope, item: Param, value: Value, given: boolean): boolean => {
  const name = item.name!.text;
  if (item.allowed !== null) {
    const allowed = evaluate(scope, item.allowed);
    if (allowed === undefined || holds(allowed, value)) return true;
    report(
      scope,
      finding(outOfRange, value.span, `\`${name}\` ${wanted(allowed)}, not \`${showValue(value)}\`.`, {
        help: 'Choose another value, or widen what stands after `in`.',
        related: [{ span: allowed.span, message: 'allowed here' }],
      }),
    );
    return false;
  }
  const usual = given && item.value !== null ? evaluate(scope, item.value) : undefined;
  if (usual === undefined || sameKind(usual, value)) return true;
  report(
    scope,
    finding(wrongType, value.span, `\`${name}\` is ${kindOf(usual)}, not ${kindOf(value)}.`, {
      help: `The file has \`${showValue(usual)}\`: write a value of the same kind.`,
      related: [{ span: item.value!.span, message: 'its value in the file' }],
    }),
  );
  return false;
};

const wanted = (allowed: Value): string => {
  if (allowed.kind === 'list') return `is one of ${allowed.items.map((item) => `\`${showValue(item)}\``).join(', ')}`;
  if (allowed.kind !== 'range') return `is \`${showValue(allowed)}\``;
  return `lies within \`${showValue(allowed)}\``;
};

/** Words and calls are written one for the other (`adam`, `adam(lr: 1)`), so are numbers, ranges and sizes; `none` fits all. */
const families: Readonly<Record<Value['kind'], 'number' | 'word' | 'text' | 'list' | 'pattern'>> = {
  number: 'number',
  dims: 'number',
  range: 'number',
  arithmetic: 'number',
  word: 'word',
  call: 'word',
  text: 'text',
  list: 'list',
  pattern: 'pattern',
};

const sameKind = (a: Value, b: Value): boolean => families[a.kind] === families[b.kind] || isNone(a) || isNone(b);
const isNone = (value: Value): boolean => value.kind === 'word' && value.text === 'none';

const kindOf = (value: Value): string =>
  ({
    number: 'a number',
    dims: 'a size',
    range: 'a range',
    arithmetic: 'a number',
    word: 'a word',
    call: 'a word with parameters',
    text: 'a text',
    list: 'a list',
    pattern: 'a name pattern',
  })[value.kind];

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
