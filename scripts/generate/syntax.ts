// Noun: productions as plain data, the form that both the EBNF and the diagrams are written from.

export type Syntax =
  /** Text as it stands. */
  | { readonly kind: 'literal'; readonly text: string }
  /** One character of a class, as W3C EBNF writes it: `[A-Za-z_]`. */
  | { readonly kind: 'class'; readonly text: string }
  /** Another production. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'optional'; readonly part: Syntax }
  /** As often as wanted; `some`: at least once. */
  | { readonly kind: 'repeat'; readonly some: boolean; readonly part: Syntax };

export interface Production {
  readonly name: string;
  readonly syntax: Syntax;
  /** What no EBNF can say. */
  readonly note: string | null;
}

export interface Grammar {
  /** Built of tokens; spaces and comments may stand between. */
  readonly rules: readonly Production[];
  /** Built of characters. */
  readonly tokens: readonly Production[];
}

/** A sequence of one is its part. */
export const sequence = (parts: readonly Syntax[]): Syntax =>
  parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
export const choice = (parts: readonly Syntax[]): Syntax =>
  parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
