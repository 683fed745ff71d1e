// Verb: a value of the file with names replaced and arithmetic done.
import type { Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { outOfRange, wrongArithmetic } from '../findings/words.ts';
import { report, type Scope } from './scope.ts';

type NumberValue = Extract<Value, { kind: 'number' }>;
type Arithmetic = Extract<Value, { kind: 'arithmetic' }>;

/** A value without names of `let` and `param` and without arithmetic; undefined where that failed (and was reported). */
export const evaluate = (scope: Scope, value: Value): Value | undefined => {
  switch (value.kind) {
    case 'word': {
      if (scope.damaged.has(value.text)) {
        scope.used.add(value.text);
        return undefined;
      }
      const named = scope.values.get(value.text);
      if (named === undefined) return value;
      scope.used.add(value.text);
      return { ...named, span: value.span };
    }
    case 'arithmetic':
      return evaluateArithmetic(scope, value);
    case 'list': {
      const items = value.items.map((item) => evaluate(scope, item));
      if (items.includes(undefined)) return undefined;
      return bounded(scope, { ...value, items: items.filter((item) => item !== undefined) });
    }
    case 'range': {
      const low = evaluate(scope, value.low);
      const high = evaluate(scope, value.high);
      const step = value.step === null ? null : evaluate(scope, value.step);
      if (low === undefined || high === undefined || step === undefined) return undefined;
      return bounded(scope, { ...value, low, high, step });
    }
    default:
      return value;
  }
};

/** Values of a list or a range, those of lists inside of it included: names can stand for lists of lists. */
const MOST_VALUES = 50_000;

/** How many values a list holds in all. */
const sizes = new WeakMap<readonly Value[], number>();

const sizeOf = (value: Value): number => {
  if (value.kind === 'range')
    return sizeOf(value.low) + sizeOf(value.high) + (value.step === null ? 0 : sizeOf(value.step));
  if (value.kind !== 'list') return 1;
  const size = sizes.get(value.items) ?? value.items.reduce((sum, item) => sum + sizeOf(item), 1);
  sizes.set(value.items, size);
  return size;
};

const bounded = (scope: Scope, value: Value): Value | undefined => {
  const size = sizeOf(value);
  if (size <= MOST_VALUES) return value;
  return report(
    scope,
    finding(outOfRange, value.span, `This stands for ${size} values; ${MOST_VALUES} are the most.`, {
      help: 'Lists that stand in lists are counted, too: write fewer.',
    }),
  );
};

/** From the left, without recursion: a sum of many numbers is as deep as it is long. */
const evaluateArithmetic = (scope: Scope, value: Arithmetic): Value | undefined => {
  const steps: Arithmetic[] = [];
  let first: Value = value;
  for (; first.kind === 'arithmetic'; first = first.left) steps.push(first);
  return steps.reduceRight<Value | undefined>(
    (left, step) => {
      const right = evaluate(scope, step.right);
      return left === undefined || right === undefined ? undefined : combine(scope, step, left, right);
    },
    evaluate(scope, first),
  );
};

const combine = (scope: Scope, { operator, span }: Arithmetic, left: Value, right: Value): Value | undefined => {
  if (left.kind !== 'number' || right.kind !== 'number') {
    const wrong = left.kind === 'number' ? right : left;
    return report(
      scope,
      finding(wrongArithmetic, wrong.span, `\`${operator}\` works on numbers, and this is not one.`, {
        help:
          wrong.kind === 'word'
            ? `If \`${wrong.text}\` should name a number, define it: \`let ${wrong.text} = …\`.`
            : 'Use a number.',
      }),
    );
  }
  const result = calculate(operator, left, right);
  if (typeof result !== 'string') return { ...result, span };
  return report(scope, finding(wrongArithmetic, span, result, { help: arithmeticHelp }));
};

const arithmeticHelp =
  'Numbers of the same unit can be added; a number with a unit can be multiplied and divided by one without.';

type Result = { readonly kind: 'number'; readonly value: number; readonly unit: string };

/** The result, or why there is none. */
const calculate = (operator: '+' | '-' | '*' | '/', a: NumberValue, b: NumberValue): Result | string => {
  const result = (value: number, unit: string): Result | string =>
    Number.isFinite(value)
      ? { kind: 'number', value: Number(value.toPrecision(15)), unit }
      : operator === '/'
        ? 'Division by zero.'
        : 'The result is too large.';
  const shown = (n: NumberValue): string => `\`${n.value}${n.unit}\``;
  switch (operator) {
    case '+':
    case '-':
      if (a.unit !== b.unit) return `${shown(a)} and ${shown(b)} have different units.`;
      return result(operator === '+' ? a.value + b.value : a.value - b.value, a.unit);
    case '*':
      if (a.unit !== '' && b.unit !== '') return `${shown(a)} and ${shown(b)} both have a unit.`;
      return result(a.value * b.value, a.unit || b.unit);
    case '/':
      if (a.unit === b.unit) return result(a.value / b.value, '');
      if (b.unit !== '') return `${shown(a)} cannot be divided by ${shown(b)}.`;
      return result(a.value / b.value, a.unit);
  }
};
