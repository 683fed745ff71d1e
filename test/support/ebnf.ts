// Verb: EBNF in the notation of the W3C to productions, and whether they make a list of tokens. Reads what was written, nothing else.

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'class'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'all' | 'one'; readonly parts: readonly Node[] }
  | { readonly kind: 'times'; readonly part: Node; readonly sign: string };

export type Ebnf = ReadonlyMap<string, Node>;

const PIECE = /\s+|\/\*[\s\S]*?\*\/|'[^']*'|"[^"]*"|\[[^\]]*\]|#x[0-9A-F]+|::=|[A-Za-z]\w*|[|?*+()]/y;

export const readEbnf = (source: string): Ebnf => {
  const pieces: string[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < source.length) {
    const at = PIECE.lastIndex;
    const piece = PIECE.exec(source)?.[0];
    if (piece === undefined) throw new Error(`no EBNF: ${source.slice(at, at + 40)}`);
    if (!/^(\s|\/\*)/.test(piece)) pieces.push(piece);
  }
  let at = 0;
  const endsHere = (): boolean => at >= pieces.length || pieces[at + 1] === '::=' || /^[|)]$/.test(pieces[at]!);
  const one = (): Node => {
    const parts = [all()];
    while (pieces[at] === '|') {
      at++;
      parts.push(all());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'one', parts };
  };
  const all = (): Node => {
    const parts: Node[] = [];
    while (!endsHere()) {
      let part = unit();
      while (/^[?*+]$/.test(pieces[at] ?? '')) part = { kind: 'times', part, sign: pieces[at++]! };
      parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
  };
  const unit = (): Node => {
    const piece = pieces[at++]!;
    if (piece === '(') {
      const inner = one();
      if (pieces[at++] !== ')') throw new Error('a bracket is not closed');
      return inner;
    }
    if (piece.startsWith('#x'))
      return { kind: 'text', text: String.fromCodePoint(Number.parseInt(piece.slice(2), 16)) };
    if (/^['"]/.test(piece)) return { kind: 'text', text: piece.slice(1, -1) };
    return piece.startsWith('[') ? { kind: 'class', text: piece } : { kind: 'name', name: piece };
  };
  const out = new Map<string, Node>();
  while (at < pieces.length) {
    const name = pieces[at]!;
    if (pieces[at + 1] !== '::=') throw new Error(`${name} is no production`);
    at += 2;
    out.set(name, one());
  }
  return out;
};

/** The regular expression of a production of characters. */
export const toRegExp = (ebnf: Ebnf, name: string): RegExp => {
  const text = (node: Node): string => {
    switch (node.kind) {
      case 'text':
        return [...node.text].map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join('');
      case 'class':
        return node.text.replace(/#x([0-9A-F]+)/g, '\\u{$1}').replace(/-\]$/, '\\-]');
      case 'name':
        return `(?:${text(ebnf.get(node.name)!)})`;
      case 'times':
        return `(?:${text(node.part)})${node.sign}`;
      default:
        return `(?:${node.parts.map(text).join(node.kind === 'one' ? '|' : '')})`;
    }
  };
  return new RegExp(`^${text({ kind: 'name', name })}$`, 'u');
};

export interface Lexeme {
  readonly image: string;
  /** The names of all token productions that it is one of. */
  readonly names: readonly string[];
}

/** Whether the production `start` makes exactly these lexemes. Every way of reading them is tried. */
export const accepts = (ebnf: Ebnf, start: string, lexemes: readonly Lexeme[]): boolean => {
  const known = new Map<string, ReadonlySet<number>>();
  /** All places at which a reading that began at `at` can end. */
  const ends = (node: Node, at: number): ReadonlySet<number> => {
    const lexeme = lexemes[at];
    switch (node.kind) {
      case 'text':
        return new Set(lexeme?.image === node.text ? [at + 1] : []);
      case 'class':
        throw new Error('a production of tokens has a class of characters');
      case 'name': {
        if (/^[A-Z]/.test(node.name)) return new Set(lexeme?.names.includes(node.name) ? [at + 1] : []);
        const key = `${node.name} ${at}`;
        const found = known.get(key) ?? ends(ebnf.get(node.name)!, at);
        known.set(key, found);
        return found;
      }
      case 'one':
        return new Set(node.parts.flatMap((part) => [...ends(part, at)]));
      case 'all':
        return node.parts.reduce<ReadonlySet<number>>(
          (from, part) => {
            const next = new Set<number>();
            for (const place of from) for (const end of ends(part, place)) next.add(end);
            return next;
          },
          new Set([at]),
        );
      case 'times': {
        const all = new Set(node.sign === '+' ? [] : [at]);
        let fresh: ReadonlySet<number> = new Set([at]);
        while (fresh.size > 0) {
          const next = new Set([...fresh].flatMap((place) => [...ends(node.part, place)]).filter((p) => !all.has(p)));
          for (const place of next) all.add(place);
          fresh = node.sign === '?' ? new Set() : next;
        }
        return all;
      }
    }
  };
  return ends({ kind: 'name', name: start }, 0).has(lexemes.length);
};
