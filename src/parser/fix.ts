// Verb: findings that know their cure to the text with the cures applied. Pure; the command line and editors use it.
import type { Diagnostic, Fix, FixEdit } from './diagnostic.ts';
import { syntaxRules } from './rules/rules.ts';
import type { Source } from './source.ts';

/** Replaces `start..end` (UTF-16 offsets) by `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fixed {
  readonly text: string;
  /** Findings whose cure was applied, in the order of the passes. */
  readonly applied: readonly Diagnostic[];
}

/** A cure can uncover the next finding; more passes than this mean that two cures undo each other. */
const MOST_PASSES = 20;

/** The plain replacements of a fix, in the order of the text; null where it changes another file. */
export const textEdits = (source: Source, fix: Fix): readonly TextEdit[] | null => {
  if (fix.edits.some((edit) => edit.span.file !== source.name)) return null;
  return fix.edits.flatMap((edit) => resolve(source.text, edit)).sort((a, b) => a.start - b.start);
};

/** The fix of a finding, where it may be applied. */
export const applicable = (diagnostic: Diagnostic, unsafe: boolean): Fix | null =>
  diagnostic.fix !== undefined && (unsafe || diagnostic.fix.safe) ? diagnostic.fix : null;

/** One pass: every cure that may be applied and does not touch one before it. */
export const applyFixes = (source: Source, diagnostics: readonly Diagnostic[], unsafe: boolean): Fixed => {
  const cures = diagnostics
    .flatMap((diagnostic) => {
      const fix = applicable(diagnostic, unsafe);
      const edits = fix === null ? null : textEdits(source, fix);
      return edits === null || edits.length === 0 ? [] : [{ diagnostic, edits }];
    })
    .sort((a, b) => a.edits[0]!.start - b.edits[0]!.start);
  const taken: TextEdit[] = [];
  const applied: Diagnostic[] = [];
  for (const { diagnostic, edits } of cures) {
    if (edits.some((edit) => taken.some((other) => touches(edit, other)))) continue;
    taken.push(...edits);
    applied.push(diagnostic);
  }
  let text = source.text;
  for (const { start, end, text: replacement } of taken.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return { text, applied };
};

/**
 * Passes until nothing is left to cure. `check` finds what is wrong with a text; a pass that would break its syntax is
 * not taken.
 */
export const fixUntilStable = (
  source: Source,
  check: (text: string) => readonly Diagnostic[],
  unsafe: boolean,
): Fixed => {
  let { text } = source;
  let found = check(text);
  const applied: Diagnostic[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = applyFixes({ ...source, text }, found, unsafe);
    if (next.applied.length === 0 || next.text === text) break;
    const after = check(next.text);
    if (syntaxErrors(after) > syntaxErrors(found)) break;
    text = next.text;
    found = after;
    applied.push(...next.applied);
  }
  return { text, applied };
};

const syntaxCodes: ReadonlySet<string> = new Set(syntaxRules.map(({ code }) => code));

const syntaxErrors = (diagnostics: readonly Diagnostic[]): number =>
  diagnostics.filter(({ code }) => syntaxCodes.has(code)).length;

const touches = (a: TextEdit, b: TextEdit): boolean => a.start <= b.end && b.start <= a.end;

const resolve = (text: string, edit: FixEdit): readonly TextEdit[] => {
  switch (edit.kind) {
    case 'replace':
      return [{ start: edit.span.start, end: edit.span.end, text: edit.text }];
    case 'insert':
      return [{ start: edit.span.start, end: edit.span.start, text: edit.text + gapBefore(text, edit.span.start) }];
    case 'remove':
      return [removal(text, edit.span.start, edit.span.end)];
    case 'move': {
      const start = commentsAbove(text, edit.span.start);
      const moved = text.slice(start, edit.span.end);
      return [removal(text, start, edit.span.end), insertion(text, edit.behind.end, moved)];
    }
  }
};

/** What goes with a statement: its separator, and its whole line where nothing else stands there. */
const removal = (text: string, from: number, to: number): TextEdit => {
  let start = from;
  let end = to;
  const right = /^[ \t]*[;,][ \t]*/.exec(text.slice(end))?.[0];
  const left = /[;,][ \t]*$/.exec(text.slice(lineStart(text, start), start))?.[0];
  if (right !== undefined) end += right.length;
  else if (left !== undefined) start -= left.length;
  const begin = lineStart(text, start);
  const rest = /^[ \t]*(\r\n|\n|\r|$)/.exec(text.slice(end));
  const alone = text.slice(begin, start).trim() === '';
  if (alone && rest !== null) {
    end += rest[0].length;
    const blankBefore = begin === 0 || /(^|\n|\r)[ \t]*(\r\n|\n|\r)$/.test(text.slice(0, begin));
    const blankAfter = /^[ \t]*(\r\n|\n|\r)/.exec(text.slice(end));
    if (blankBefore && blankAfter !== null) end += blankAfter[0].length;
    return { start: begin, end, text: '' };
  }
  if (alone) return { start, end: end + /^[ \t]*/.exec(text.slice(end))![0].length, text: '' };
  if (right === undefined) start -= /[ \t]*$/.exec(text.slice(begin, start))![0].length;
  return { start, end, text: '' };
};

const insertion = (text: string, at: number, moved: string): TextEdit => {
  const rest = /^[ \t]*(\/\/[^\r\n]*)?(?=[\r\n]|$)/.exec(text.slice(at));
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return rest === null
    ? { start: at, end: at, text: `; ${moved}` }
    : { start: at + rest[0].length, end: at + rest[0].length, text: `${end}${end}${moved}` };
};

/** What stands between two statements here: a line end with the same indentation, or `; `. */
const gapBefore = (text: string, offset: number): string => {
  const before = text.slice(lineStart(text, offset), offset);
  return before.trim() === '' ? `${text.includes('\r\n') ? '\r\n' : '\n'}${before}` : '; ';
};

const lineStart = (text: string, offset: number): number =>
  Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;

/** Where the comments begin that stand on the lines directly above. */
const commentsAbove = (text: string, offset: number): number => {
  const begin = lineStart(text, offset);
  if (begin === 0 || text.slice(begin, offset).trim() !== '') return offset;
  const above = lineStart(text, begin - (text.startsWith('\r\n', begin - 2) ? 2 : 1));
  const comment = /^[ \t]*(?=\/\/)/.exec(text.slice(above, begin));
  return comment === null ? offset : commentsAbove(text, above + comment[0].length);
};
