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
  /** A list of texts in quotes. */
  | { readonly kind: 'texts' }
  /** `none`, or a value. */
  | { readonly kind: 'optional'; readonly type: ValueType }
  | { readonly kind: 'either'; readonly types: readonly ValueType[] };

/** A value of the plan: plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Fields = Readonly<Record<string, Json>>;

/** A value type that reads as T in the plan. */
export interface Typed<out T extends Json> {
  readonly type: ValueType;
  readonly plan?: T;
}

export type Default<T> =
  | { readonly kind: 'required' }
  | { readonly kind: 'value'; readonly value: T }
  /** Computed from the other parameters; `words` says how. */
  | { readonly kind: 'derived'; readonly words: string; readonly derive: (fields: Fields) => Json };

/** A parameter that reads as T in the plan. */
export interface Param<out T extends Json = Json> extends Typed<T> {
  readonly doc: string;
  readonly default: Default<T>;
}

export type Params = Readonly<Record<string, Param>>;

/** What a word becomes in the plan where that is not `{ kind: word, …parameters }`. */
export interface Form<out T extends Json = Json> {
  /** What `build` makes: a value of this type, or an object of these fields. */
  readonly type: ValueType | { readonly kind: 'fields'; readonly params: Params };
  /** A method, so that a word's own form may take the fields of that word. */
  build(fields: Fields): T;
}

/** A word that may be written as `word value …` and as `word(key: value)`. */
export interface Word {
  readonly doc: string;
  readonly params: Params;
  /** Parameters that a plain value may set, tried in order by type; a list of names: one value sets them all. */
  readonly positional: readonly (string | readonly string[])[];
  /** As it stands in its block; the reference and the editors show it, and a test compiles it. */
  readonly example?: string;
  /** At least one of the parameters must be written. */
  readonly needsOne?: boolean;
  readonly form?: Form;
  /** What its block holds. */
  readonly block?: 'layers' | 'branches';
}

export type Words = Readonly<Record<string, Word>>;

/** Whether a table holds a word. */
export const hasWord = <T extends object>(words: T, name: string): name is keyof T & string =>
  Object.hasOwn(words, name);

// ---------------------------------------------------------------- from the tables to the types of the plan

/** What a parameter, or any other typed value, reads as. */
export type ValueOf<P> = P extends Typed<infer T> ? T : never;

/** The parameters of a word as fields of the plan. */
export type FieldsOf<P extends Params> = { readonly [F in keyof P]: ValueOf<P[F]> };

/** A word of a table as it stands in the plan. */
export type EntryOf<K extends string, W extends Word> = W extends { readonly form: Form<infer T> }
  ? T
  : { readonly [F in 'kind' | keyof W['params']]: F extends keyof W['params'] ? ValueOf<W['params'][F]> : K };

/** The words of a table as they stand in the plan: a union over their kinds. */
export type PlanOf<T extends Words> = { [K in keyof T & string]: EntryOf<K, T[K]> }[keyof T & string];

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
export const texts: Typed<readonly string[]> = { type: { kind: 'texts' } };
/** A word of a table, in the plan's form. */
export const callOf = <T extends Words>(words: T): Typed<PlanOf<T>> => ({ type: { kind: 'call', words } });
export const optional = <T extends Json>(typed: Typed<T>): Typed<T | null> => ({
  type: { kind: 'optional', type: typed.type },
});
export const either = <A extends Json, B extends Json>(a: Typed<A>, b: Typed<B>): Typed<A | B> => ({
  type: { kind: 'either', types: [a.type, b.type] },
});

/** A parameter that must be written. */
export const required = <T extends Json>(typed: Typed<T>, doc: string): Param<T> => ({
  type: typed.type,
  doc,
  default: { kind: 'required' },
});
export const param = <T extends Json>(typed: Typed<T>, value: NoInfer<T>, doc: string): Param<T> => ({
  type: typed.type,
  doc,
  default: { kind: 'value', value },
});
export const derived = <T extends Json>(
  typed: Typed<T>,
  words: string,
  derive: (fields: Fields) => Json,
  doc: string,
): Param<T> => ({ type: typed.type, doc, default: { kind: 'derived', words, derive } });
