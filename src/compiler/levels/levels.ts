// Verb: what a file says about findings: `rules { name off }`, and `// tlp-ignore name: reason` beside a line.
import type { Statement } from '../../parser/ast.ts';
import { type Diagnostic, type Fix, finding, type Rule } from '../../parser/diagnostic.ts';
import { lineAt, type Source, type Span } from '../../parser/source.ts';
import { correction, removal } from '../findings/correction.ts';
import { unusedIgnore, wrongRuleSetting } from '../findings/levels.ts';
import { nearest, suggestion } from '../leaf/nearest.ts';

export type Level = 'off' | 'warning' | 'error';
export const levels: readonly Level[] = ['off', 'warning', 'error'];

/** What is wished of a warning, by its name. */
export interface FindingLevel {
  readonly name: string;
  readonly level: Level;
}

export interface ReadLevels {
  readonly settings: readonly FindingLevel[];
  readonly diagnostics: readonly Diagnostic[];
}

const wrong = (span: Span, message: string, help: string, cure: { readonly fix?: Fix } = {}): Diagnostic =>
  finding(wrongRuleSetting, span, message, { help, ...cure });

/** Names are written as words here: `test_split_as_validation`. */
export const readRuleBlock = (statement: Statement, warnings: readonly Rule[]): ReadLevels => {
  const settings: FindingLevel[] = [];
  const diagnostics: Diagnostic[] = [];
  const names = warnings.map((rule) => rule.name.replaceAll('-', '_'));
  if (statement.block === null) {
    diagnostics.push(wrong(statement.word.span, '`rules` needs a block.', 'Write `rules { name off }`.'));
  }
  for (const item of statement.block?.items ?? []) {
    if (item.broken) continue;
    const { text, span } = item.word;
    const value = item.kind === 'statement' ? item.values[0] : undefined;
    const level = value?.kind === 'word' ? levels.find((l) => l === value.text) : undefined;
    if (!names.includes(text)) {
      const near = nearest(text, names);
      const cure = near === null ? '`tlp explain` lists them; only warnings can be set.' : `Did you mean \`${near}\`?`;
      diagnostics.push(wrong(span, `There is no warning \`${text}\`.`, cure, correction(span, text, names)));
    } else if (level === undefined) {
      const help =
        value?.kind === 'word' ? suggestion(value.text, levels, 'levels') : 'Write `off`, `warning` or `error`.';
      diagnostics.push(
        wrong(
          value?.span ?? span,
          `\`${text}\` is \`off\`, \`warning\` or \`error\`.`,
          help,
          value?.kind === 'word' ? correction(value.span, value.text, levels) : {},
        ),
      );
    } else settings.push({ name: text.replaceAll('_', '-'), level });
  }
  return { settings, diagnostics };
};

interface Ignore {
  readonly span: Span;
  readonly rule: Rule;
  /** Lines (from 0) that it excuses. */
  readonly lines: readonly number[];
}

const PATTERN = /^\/\/\s*tlp-ignore\b\s*([\w-]*)\s*(:?)\s*(.*)$/;

/** The ignore comments of a file; on a line of its own a comment excuses the next line. */
export const readIgnores = (
  source: Source,
  comments: readonly Span[],
  warnings: readonly Rule[],
): { readonly ignores: readonly Ignore[]; readonly diagnostics: readonly Diagnostic[] } => {
  const ignores: Ignore[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const span of comments) {
    const match = PATTERN.exec(source.text.slice(span.start, span.end));
    if (match === null) continue;
    const name = (match[1] ?? '').replaceAll('_', '-');
    const rule = warnings.find((r) => r.name === name || r.code === name.toUpperCase());
    const names = warnings.map((r) => r.name);
    if (rule === undefined) {
      diagnostics.push(wrong(span, `There is no warning \`${name}\` to ignore.`, suggestion(name, names, 'warnings')));
    } else if (match[2] === '' || (match[3] ?? '').trim() === '') {
      diagnostics.push(wrong(span, 'An ignore comment says why.', `Write \`// tlp-ignore ${rule.name}: reason\`.`));
    } else {
      const line = lineAt(source, span.start);
      const alone = source.text.slice(source.lineStarts[line], span.start).trim() === '';
      ignores.push({ span, rule, lines: [alone ? line + 1 : line] });
    }
  }
  return { ignores, diagnostics };
};

/** Findings as the file wants them: excused ones gone, the others with their level. */
export const applyLevels = (
  diagnostics: readonly Diagnostic[],
  source: Source,
  settings: readonly FindingLevel[],
  ignores: readonly Ignore[],
): readonly Diagnostic[] => {
  const used = new Set<Ignore>();
  const byLine = new Map<string, Ignore>();
  for (const ignore of [...ignores].reverse())
    for (const line of ignore.lines) byLine.set(`${ignore.rule.code} ${line}`, ignore);
  const level = new Map(settings.map((setting) => [setting.name, setting.level]));
  const kept = diagnostics.flatMap((diagnostic): readonly Diagnostic[] => {
    if (diagnostic.severity === 'error') return [diagnostic];
    if (diagnostic.span.file === source.name) {
      const line = lineAt(source, diagnostic.span.start);
      const ignore = byLine.get(`${diagnostic.code} ${line}`);
      if (ignore !== undefined) {
        used.add(ignore);
        return [];
      }
    }
    const wanted = level.get(diagnostic.name) ?? 'warning';
    return wanted === 'off' ? [] : [{ ...diagnostic, severity: wanted }];
  });
  const idle = ignores.filter((ignore) => !used.has(ignore));
  return [
    ...kept,
    ...idle.map((ignore) =>
      finding(unusedIgnore, ignore.span, `Nothing on this line needs \`${ignore.rule.name}\` ignored.`, {
        help: 'Remove the comment.',
        ...removal(ignore.span, true),
      }),
    ),
  ];
};
