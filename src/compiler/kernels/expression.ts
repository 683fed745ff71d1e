// Noun: expressions of the emitted kernel: a number known now, or JavaScript text known only when the kernel runs.
// Sums and products fold what is known, so that a kernel holds no work that its program makes constant.

/** A number (folded into the kernel) or JavaScript source of a number. */
export type Expression = number | string;

/** Names, and calls of them without nesting. */
const atom = (text: string): boolean => /^[\w.#]+(\(\))?$/.test(text);

/** Source text of an expression, in brackets where it would not stand inside a product. */
export const factor = (value: Expression): string => {
  if (typeof value === 'number') return value < 0 ? `(${value})` : `${value}`;
  return atom(value) ? value : `(${value})`;
};

/** a * b. */
export const times = (a: Expression, b: Expression): Expression => {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  if (b === 1) return a;
  if (a === -1) return `-${factor(b)}`;
  if (b === -1) return `-${factor(a)}`;
  return `${factor(a)} * ${factor(b)}`;
};

/** a + b. */
export const plus = (a: Expression, b: Expression): Expression => {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  if (typeof b === 'number' && b < 0) return `${a} - ${-b}`;
  if (typeof b === 'string' && b.startsWith('-') && atom(b.slice(1))) return `${a} - ${b.slice(1)}`;
  return `${a} + ${b}`;
};

/** The sum of products sum_i a[i] * b[i]. */
export const dot = (a: readonly Expression[], b: readonly Expression[]): Expression =>
  a.reduce<Expression>((sum, value, i) => plus(sum, times(value, b[i] ?? 0)), 0);

/** True where a text has to be evaluated once and named rather than repeated: all but names and their negatives. */
export const isCompound = (value: Expression): value is string =>
  typeof value === 'string' && !/^-?[\w.]+$/.test(value);
