// Noun: a source file, and places in it.

export interface Source {
  /** As the person named it: `pipelines/quickstart.tlp`, `<stdin>`. */
  readonly name: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** Half-open range of UTF-16 offsets in one file. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** From 1; columns count characters (code points), a tab is one. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const sourceOf = (name: string, text: string): Source => {
  const clean = text.startsWith('\ufeff') ? text.slice(1) : text;
  const lineStarts = [0];
  for (let i = 0; i < clean.length; i++) {
    const code = clean.charCodeAt(i);
    if (code === 10 || (code === 13 && clean.charCodeAt(i + 1) !== 10)) lineStarts.push(i + 1);
  }
  return { name, text: clean, lineStarts };
};

/** Index of the line (from 0) that holds an offset. */
export const lineAt = (source: Source, offset: number): number => {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The text of a line (from 0) without its end. */
export const lineText = (source: Source, line: number): string => {
  const start = source.lineStarts[line] ?? source.text.length;
  const end = source.lineStarts[line + 1] ?? source.text.length;
  return source.text.slice(start, end).replace(/[\r\n]+$/, '');
};

export const positionOf = (source: Source, offset: number): Position => {
  const line = lineAt(source, offset);
  const before = source.text.slice(source.lineStarts[line], offset);
  return { line: line + 1, column: [...before].length + 1 };
};

/** From the start of one span to the end of another of the same file. */
export const joinSpans = (first: Span, last: Span): Span => ({
  file: first.file,
  start: first.start,
  end: Math.max(first.end, last.end),
});

/** A span inside the text that does not cut a surrogate pair, whatever was asked. */
export const clampSpan = (source: Source, start: number, end: number): Span => {
  const low = Math.max(0, Math.min(Number.isFinite(start) ? start : source.text.length, source.text.length));
  const high = Math.max(low, Math.min(Number.isFinite(end) ? end : source.text.length, source.text.length));
  return { file: source.name, start: aligned(source.text, low), end: aligned(source.text, high) };
};

const aligned = (text: string, offset: number): number => {
  const code = text.charCodeAt(offset);
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff && isHigh(text.charCodeAt(offset - 1)) ? offset - 1 : offset;
};

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
