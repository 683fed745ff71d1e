// Verb: source to abstract syntax tree, with all that is wrong with its syntax.
import type { File } from './ast.ts';
import { buildAst } from './build-ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lex, tokenSpan } from './lex.ts';
import { read } from './read.ts';
import type { Source, Span } from './source.ts';

export interface Parsed {
  readonly source: Source;
  readonly file: File;
  /** Spans of the comments, `//` included. */
  readonly comments: readonly Span[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Never throws; the tree holds whatever could be read. */
export const parse = (source: Source): Parsed => {
  const lexed = lex(source);
  const { cst, diagnostics } = read(source, lexed.tokens);
  const syntax = [...lexed.diagnostics, ...diagnostics];
  const built = buildAst(
    source,
    cst,
    syntax.map((d) => d.span),
  );
  return {
    source,
    file: built.file,
    comments: lexed.comments.map((token) => tokenSpan(source, token)),
    diagnostics: [...syntax, ...built.diagnostics],
  };
};
