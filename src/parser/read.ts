// Verb: tokens to a concrete syntax tree, with what the grammar did not expect.
import { type CstNode, EOF, type IRecognitionException, type IToken } from 'chevrotain';
import { TlpParser, TooManyErrors } from '../../grammar/rules.ts';
import { type Diagnostic, finding, MOST_MISTAKES } from './diagnostic.ts';
import { tokenSpan } from './lex.ts';
import { restNotRead, unexpectedToken } from './rules/rules.ts';
import { clampSpan, lineAt, type Source, type Span } from './source.ts';

export interface Read {
  readonly cst: CstNode;
  readonly diagnostics: readonly Diagnostic[];
}

let parser: TlpParser | undefined;

export const read = (source: Source, tokens: readonly IToken[]): Read => {
  parser ??= new TlpParser();
  parser.input = [...tokens];
  parser.left.count = 2 * MOST_MISTAKES;
  const whole = wholeTree(parser);
  const lines = new Set<number>();
  const diagnostics: Diagnostic[] = [];
  for (const error of parser.errors) {
    const span = placeOf(source, error);
    const line = lineAt(source, span.start);
    if (lines.has(line)) continue;
    lines.add(line);
    diagnostics.push(describe(span, error));
  }
  if (whole !== null) return { cst: whole, diagnostics };
  const end = tokens.at(-1)?.startOffset ?? 0;
  return {
    cst: { name: 'file', children: {} },
    diagnostics: [...diagnostics, restNotRead(diagnostics.at(-1)?.span ?? clampSpan(source, end, end))],
  };
};

/** The tree; null where there are too many errors for it to mean anything. */
const wholeTree = (reader: TlpParser): CstNode | null => {
  try {
    return reader.file();
  } catch (error) {
    if (error instanceof TooManyErrors) return null;
    throw error;
  }
};

/** The token that was not expected; at the end of a line or file, the place after the token before. */
const placeOf = (source: Source, error: IRecognitionException): Span => {
  const previous = 'previousToken' in error ? (error.previousToken as IToken | undefined) : undefined;
  const atEnd = error.token.tokenType === EOF || error.token.image === '' || /^[\r\n]/.test(error.token.image);
  if (!atEnd) return tokenSpan(source, error.token);
  const end =
    previous === undefined || Number.isNaN(previous.startOffset)
      ? error.token.startOffset
      : previous.startOffset + previous.image.length;
  return clampSpan(source, end, end);
};

const describe = (span: Span, error: IRecognitionException): Diagnostic => {
  const found = foundWords(error.token);
  const expected = expectedWords(error);
  return finding(unexpectedToken, span, `Expected ${expected}, found ${found}.`, {
    help: helps[error.context.ruleStack.at(-1) ?? ''] ?? 'A statement is `word value …`, a call is `word(key: value)`.',
  });
};

const foundWords = (token: IToken): string => {
  if (token.tokenType === EOF) return 'the end of the file';
  if (/^[\r\n]/.test(token.image) || token.image === '') return 'the end of the line';
  return `\`${token.image.length > 24 ? `${token.image.slice(0, 24)}…` : token.image}\``;
};

const expectedWords = (error: IRecognitionException): string => {
  const rule = error.context.ruleStack.at(-1) ?? '';
  // The grammar's messages of these are the label of the token that was expected.
  if (error.name === 'MismatchedTokenException') return labelOf(error.message);
  return expectations[rule] ?? 'a value';
};

const labelOf = (label: string): string => (label === 'Word' ? 'a word' : label);

const expectations: Readonly<Record<string, string>> = {
  name: 'a name',
  runName: 'a name in quotes',
  atom: 'a value',
  item: 'a statement',
  sweepEntry: 'a parameter and its values',
};

const helps: Readonly<Record<string, string>> = {
  let: 'Write `let name = value`.',
  param: 'Write `param name = value`, or `param name = value in low..high`.',
  import: 'Write `import "file.tlp"`.',
  sweep: 'Write `sweep { name in [value, value] }`.',
  sweepEntry: 'Write `name in [value, value]` or `name in low..high step size`.',
  run: 'Write `run "name" { … }` or `run "name" continues "other" { … }`.',
  runName: 'Write `run "name" { … }`.',
  call: 'Write `word(key: value, key: value)`.',
  options: 'Write `(key: value, key: value)`.',
  arg: 'Write `key: value`.',
  list: 'Write `[value, value]`.',
};
