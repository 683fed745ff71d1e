// Verb: findings that know their cure to the text with the cures applied. Pure; the command line and editors use it.
import type { Diagnostic, Fix, FixEdit } from './diagnostic.ts';
import { tooManyMistakes } from './rules/rules.ts';
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
  return { text: edited(source.text, taken), applied };
};

/** The text with edits that do not touch each other. */
const edited = (text: string, edits: readonly TextEdit[]): string => {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start)) {
    pieces.push(text.slice(at, start), replacement);
    at = end;
  }
  return [...pieces, text.slice(at)].join('');
};

/** Checks that cures may cost: each pass is checked, and one that is not kept once more for each half of it. */
const MOST_TRIES = 60;
/** Characters of a text of which so many checks are quick. */
const QUICK = 5000;

/**
 * Passes until nothing is left to cure. `check` finds what is wrong with a text; a pass is kept where that gets less, without an error
 * of a kind that was not there before. Of a pass that is not kept, the halves are tried, down to the single cure. Safe cures also
 * have to leave alone what is whole: `keeps` says whether a text says the same of that as the one before.
 */
export const fixUntilStable = (
  source: Source,
  check: (text: string) => readonly Diagnostic[],
  unsafe: boolean,
  keeps: (before: string, after: string) => boolean = () => true,
): Fixed => {
  let { text } = source;
  let found = check(text);
  const applied: Diagnostic[] = [];
  let tries = Math.max(4, Math.floor(MOST_TRIES / Math.max(1, text.length / QUICK)));
  const attempt = (cures: readonly Diagnostic[]): boolean => {
    const next = applyFixes({ ...source, text }, cures, unsafe);
    if (next.applied.length === 0 || next.text === text || tries-- <= 0) return false;
    const after = check(next.text);
    if (isBetter(found, after) && (unsafe || keeps(text, next.text))) {
      text = next.text;
      found = after;
      applied.push(...next.applied);
      return true;
    }
    if (cures.length < 2) return false;
    const middle = cures.length >> 1;
    return attempt(cures.slice(0, middle)) || attempt(cures.slice(middle));
  };
  // So many mistakes are cured from the beginning of the file, by a person.
  while (!found.some(({ code }) => code === tooManyMistakes.code)) {
    if (!attempt(found.filter((diagnostic) => applicable(diagnostic, unsafe) !== null))) break;
  }
  return { text, applied };
};

/**
 * Fewer findings, and none of a kind that was not there. Behind an error that is gone, warnings may come to light: a text with errors is not
 * looked at for all of them.
 */
const isBetter = (before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean => {
  const [wrong, left] = [errorsOf(before), errorsOf(after)];
  return left.length < wrong.length
    ? noneIsNew(wrong, left)
    : left.length === wrong.length && after.length < before.length && noneIsNew(before, after);
};

const noneIsNew = (before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean => {
  const known = new Set(before.map(({ code }) => code));
  return after.every(({ code }) => known.has(code));
};

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

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
    const blankBefore = begin === 0 || text.slice(lineBefore(text, begin), begin).trim() === '';
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

/** Character by character: `lastIndexOf` of a line end that the text does not use would look through all of it. */
const lineStart = (text: string, offset: number): number => {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
};

/** Where the line before the one that begins here does. */
const lineBefore = (text: string, begin: number): number =>
  lineStart(text, begin - (text.startsWith('\r\n', begin - 2) ? 2 : 1));

/** Where the comments begin that stand on the lines directly above. */
const commentsAbove = (text: string, offset: number): number => {
  const begin = lineStart(text, offset);
  if (begin === 0 || text.slice(begin, offset).trim() !== '') return offset;
  const above = lineBefore(text, begin);
  const comment = /^[ \t]*(?=\/\/)/.exec(text.slice(above, begin));
  return comment === null ? offset : commentsAbove(text, above + comment[0].length);
};
