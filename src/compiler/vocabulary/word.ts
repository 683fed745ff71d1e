// Noun: how the tables describe a word: its parameters, their types, units, ranges and defaults, one line each.
// Checker, planner, editor, documentation and highlighting read nothing else.

/** What a value may be. Plain data; `read-value.ts` reads a value by it, `describe.ts` says it in words. */
export type ValueType =
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
      /** The lowest value itself is not allowed. */
      readonly above: boolean;
      /** The highest value itself is not allowed. */
      readonly below: boolean;
      /** A unit that may be written, as in `2px`; the number alone means the same. */
      readonly unit: 'px' | null;
    }
  /** A share of one: `50%` or `0.5`. */
  | {
      readonly kind: 'share';
      readonly min: number;
      readonly max: number;
      readonly above: boolean;
      readonly below: boolean;
    }
  /** `3x3`, or `3` for the same. */
  | { readonly kind: 'pair'; readonly min: number }
  /** `224x224`: height and width in pixels. */
  | { readonly kind: 'size' }
  /** One of a closed list of words, each with its line of documentation. */
  | { readonly kind: 'choice'; readonly words: Readonly<Record<string, string>> }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly what: 'path' | 'name' | 'column' }
  /**
   * Two limits of a random draw, `low..high`; one value v means: `symmetric` -v..v, `factor` 1-v..1+v,
   * `up_to` 0..v, `from` v..1.
   */
  | {
      readonly kind: 'limits';
      readonly single: 'symmetric' | 'factor' | 'up_to' | 'from';
      readonly of: 'degrees' | 'share' | 'number';
      readonly min: number;
      readonly max: number;
    }
  /** A word of another table, with its own parameters: `adam(lr: 1e-3)`. */
  | { readonly kind: 'call'; readonly words: Words }
  | { readonly kind: 'numbers'; readonly integer: boolean; readonly min: number | null }
  /** `none`, or a value. */
  | { readonly kind: 'optional'; readonly type: ValueType }
  | { readonly kind: 'either'; readonly types: readonly ValueType[] };

/** A value type that reads as T in the plan. */
export interface Typed<out T> {
  readonly type: ValueType;
  readonly plan?: T;
}

/** A value of the plan: plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Fields = Readonly<Record<string, Json>>;

export type Default<T> =
  | { readonly kind: 'required' }
  | { readonly kind: 'value'; readonly value: T }
  /** Computed from the other parameters; `words` says how. */
  | { readonly kind: 'derived'; readonly words: string; readonly derive: (fields: Fields) => Json };

export interface Param<out T = unknown> {
  readonly type: ValueType;
  readonly doc: string;
  readonly default: Default<T>;
}

export type Params = Readonly<Record<string, Param>>;

/** A word that may be written as `word value …` and as `word(key: value)`. */
export interface Word {
  readonly doc: string;
  readonly params: Params;
  /** Parameters that a plain value may set, tried in order by type; a list of names: one value sets them all. */
  readonly positional: readonly (string | readonly string[])[];
  /** At least one of the parameters must be written. */
  readonly needsOne?: boolean;
  /** Turns the parameters into the plan's form; without it the form is `{ kind: word, …parameters }`. */
  readonly build?: (fields: Fields) => Json;
  /** What its block holds. */
  readonly block?: 'layers' | 'branches';
}

export type Words = Readonly<Record<string, Word>>;

/** The member of a union of plan objects for one kind, also where one member stands for several kinds. */
export type Member<U, K> = U extends { readonly kind: infer UK } ? (K extends UK ? U : never) : never;

/** A word whose parameters are exactly the fields of its plan object. */
export type WordFor<P> = Omit<Word, 'params'> & {
  readonly params: { readonly [F in Exclude<keyof P, 'kind' | 'branches'>]: Param<P[F]> };
};

/** A table that covers every kind of a plan union. */
export type WordsFor<U extends { readonly kind: string }> = { readonly [K in U['kind']]: WordFor<Member<U, K>> };

// ---------------------------------------------------------------- constructors

type Bounds = { readonly min?: number; readonly max?: number; readonly above?: number; readonly below?: number };

const bounds = (b: Bounds) => ({
  min: b.min ?? b.above ?? null,
  max: b.max ?? b.below ?? null,
  above: b.above !== undefined,
  below: b.below !== undefined,
});

export const number = (b: Bounds = {}, unit: 'px' | null = null): Typed<number> => ({
  type: { kind: 'number', integer: false, ...bounds(b), unit },
});
export const integer = (b: Bounds = {}): Typed<number> => ({
  type: { kind: 'number', integer: true, ...bounds(b), unit: null },
});
export const share = (b: Bounds = { min: 0, max: 1 }): Typed<number> => ({
  type: {
    kind: 'share',
    min: b.min ?? b.above ?? 0,
    max: b.max ?? b.below ?? 1,
    above: 'above' in b,
    below: 'below' in b,
  },
});
export const pair = (min = 1): Typed<readonly [number, number]> => ({ type: { kind: 'pair', min } });
export const size: Typed<{ readonly height: number; readonly width: number }> = { type: { kind: 'size' } };
export const choice = <W extends string>(words: Readonly<Record<W, string>>): Typed<W> => ({
  type: { kind: 'choice', words },
});
export const flag: Typed<boolean> = { type: { kind: 'flag' } };
export const text = (what: 'path' | 'name' | 'column'): Typed<string> => ({ type: { kind: 'text', what } });
export const limits = (
  single: 'symmetric' | 'factor' | 'up_to' | 'from',
  of: 'degrees' | 'share' | 'number',
  min: number,
  max: number,
): Typed<readonly [number, number]> => ({ type: { kind: 'limits', single, of, min, max } });
export const numbers = (
  options: { readonly integer?: boolean; readonly min?: number } = {},
): Typed<readonly number[]> => ({
  type: { kind: 'numbers', integer: options.integer ?? false, min: options.min ?? null },
});
/** A word of a table whose plan objects are U. */
export const callOf = <U>(words: Words): Typed<U> => ({ type: { kind: 'call', words } });
export const optional = <T>(typed: Typed<T>): Typed<T | null> => ({ type: { kind: 'optional', type: typed.type } });
export const either = <A, B>(a: Typed<A>, b: Typed<B>): Typed<A | B> => ({
  type: { kind: 'either', types: [a.type, b.type] },
});

/** A parameter that must be written. */
export const required = <T>(typed: Typed<T>, doc: string): Param<T> => ({
  type: typed.type,
  doc,
  default: { kind: 'required' },
});
export const param = <T>(typed: Typed<T>, value: NoInfer<T>, doc: string): Param<T> => ({
  type: typed.type,
  doc,
  default: { kind: 'value', value },
});
export const derived = <T>(
  typed: Typed<T>,
  words: string,
  derive: (fields: Fields) => Json,
  doc: string,
): Param<T> => ({ type: typed.type, doc, default: { kind: 'derived', words, derive } });
