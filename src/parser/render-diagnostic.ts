// Verb: findings to text for people: framed source with carets, cause and cure.
import type { Diagnostic, Severity } from './diagnostic.ts';
import { lineAt, lineText, positionOf, type Source, type Span } from './source.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** At most this many findings; the rest is counted. */
  readonly most?: number;
}

type Style = 'error' | 'warning' | 'dim' | 'bold' | 'help';
const codes: Readonly<Record<Style, string>> = { error: '31;1', warning: '33;1', dim: '2', bold: '1', help: '36' };

/** Columns of a source line that are shown; a longer line is cut around the place. */
const WINDOW = 100;

export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  options: RenderOptions,
): string => {
  const most = options.most ?? 100;
  const shown = diagnostics.slice(0, most).map((diagnostic) => renderDiagnostic(diagnostic, sources, options));
  const more = diagnostics.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more\n`] : [])].join('\n');
};

export const renderDiagnostic = (
  diagnostic: Diagnostic,
  sources: ReadonlyMap<string, Source>,
  options: RenderOptions,
): string => {
  const paint = (style: Style, text: string): string =>
    options.color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
  const { severity, code, name, span, message, label, help, related = [] } = diagnostic;
  const frames = [{ span, text: label ?? '' }, ...related.map((r) => ({ span: r.span, text: r.message }))].map(
    ({ text, ...frame }) => ({ ...frame, text: expand(text) }),
  );
  const width = Math.max(
    ...frames.map((frame) => {
      const source = sources.get(frame.span.file);
      return source === undefined ? 1 : String(lineAt(source, frame.span.start) + 1).length;
    }),
  );
  const lines = [`${paint(severity, `${severity}[${code} ${name}]`)}${paint('bold', `: ${expand(message)}`)}`];
  for (const [i, frame] of frames.entries()) {
    lines.push(...renderFrame(sources.get(frame.span.file), frame, width, i === 0 ? severity : null, paint));
  }
  if (help !== undefined) {
    lines.push(`${' '.repeat(width)} ${paint('dim', '=')} ${paint('help', 'help:')} ${expand(help)}`);
  }
  return `${lines.join('\n')}\n`;
};

const renderFrame = (
  source: Source | undefined,
  frame: { readonly span: Span; readonly text: string },
  width: number,
  severity: Severity | null,
  paint: (style: Style, text: string) => string,
): readonly string[] => {
  const pad = ' '.repeat(width);
  const bar = paint('dim', '│');
  if (source === undefined) return [`${pad} ${paint('dim', '┌─')} ${expand(frame.span.file)}`];
  const { line, column } = positionOf(source, frame.span.start);
  const text = lineText(source, line - 1);
  const lineStart = source.lineStarts[line - 1]!;
  const from = Math.min(frame.span.start - lineStart, text.length);
  const to = Math.max(from, Math.min(frame.span.end - lineStart, text.length));
  const cut = cutAround(text, from, to);
  const before = columns(expand(cut.text.slice(0, cut.from)));
  const marked = Math.max(1, columns(expand(cut.text.slice(cut.from, cut.to))));
  const carets = paint(severity ?? 'dim', (severity === null ? '-' : '^').repeat(marked));
  const note =
    frame.text === '' ? '' : ` ${severity === null ? paint('dim', frame.text) : paint(severity, frame.text)}`;
  return [
    `${pad} ${paint('dim', '┌─')} ${expand(source.name)}:${line}:${column}`,
    `${pad} ${bar}`,
    `${paint('dim', String(line).padStart(width))} ${bar} ${expand(cut.text)}`.trimEnd(),
    `${pad} ${bar} ${' '.repeat(before)}${carets}${note}`,
  ];
};

/** A window of the line that holds the place, cut at whole characters. */
const cutAround = (
  text: string,
  from: number,
  to: number,
): { readonly text: string; readonly from: number; readonly to: number } => {
  if (text.length <= WINDOW) return { text, from, to };
  let start = Math.max(0, Math.min(from - 30, text.length - WINDOW));
  if (isLow(text, start)) start--;
  let end = Math.min(text.length, start + WINDOW);
  if (isLow(text, end)) end--;
  const front = start > 0 ? '…' : '';
  const back = end < text.length ? '…' : '';
  const shift = front.length - start;
  return {
    text: `${front}${text.slice(start, end)}${back}`,
    from: from + shift,
    to: Math.max(from, Math.min(to, end)) + shift,
  };
};

const isLow = (text: string, offset: number): boolean => {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff;
};

/** Tabs as two spaces, control characters as dots: what is shown never moves the cursor. */
const expand = (text: string): string => {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    out += character === '\t' ? '  ' : code < 32 || (code >= 127 && code < 160) ? '·' : character;
  }
  return out;
};

/** Columns that a terminal needs: two for wide characters, none for combining ones. */
const columns = (text: string): number => {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (/\p{Mark}/u.test(character) || code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f)) continue;
    sum += isWide(code) ? 2 : 1;
  }
  return sum;
};

const isWide = (code: number): boolean =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60) ||
  (code >= 0xffe0 && code <= 0xffe6) ||
  (code >= 0x1f300 && code <= 0x1faff) ||
  (code >= 0x20000 && code <= 0x3fffd);

/** `2 errors and 1 warning in 3 files`, `3 files, nothing to report`. */
export const summary = (diagnostics: readonly Diagnostic[], files: number): string => {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const where = count(files, 'file');
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return found.length === 0 ? `${where} checked, nothing wrong` : `${found.join(' and ')} in ${where}`;
};
