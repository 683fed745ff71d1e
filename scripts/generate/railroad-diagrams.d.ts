// Noun: the part of railroad-diagrams that is used here; the package brings no types.
declare module 'railroad-diagrams' {
  interface Piece {
    readonly attrs: { readonly width: number; readonly height: number };
    /** Lays the diagram out with this padding. */
    format(padding: number): Piece;
    toString(): string;
  }
  type Item = Piece | string;
  const railroad: {
    Diagram(...items: readonly Item[]): Piece;
    Sequence(...items: readonly Item[]): Piece;
    Choice(normal: number, ...items: readonly Item[]): Piece;
    Optional(item: Item): Piece;
    OneOrMore(item: Item, separator?: Item): Piece;
    ZeroOrMore(item: Item): Piece;
    Terminal(text: string): Piece;
    NonTerminal(text: string): Piece;
  };
  export default railroad;
}
