// Verb: findings to the formats that people, editors and CI systems read. One function a format.
import type { Diagnostic, Rule } from '../parser/diagnostic.ts';
import { textEdits } from '../parser/fix.ts';
import { type Position, positionOf, type Source, type Span } from '../parser/source.ts';

export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
  /** The catalogue of findings, which SARIF repeats. */
  readonly rules: readonly Rule[];
  /** Files checked. */
  readonly files: number;
}

type Format = (findings: Findings) => string;

interface Range {
  readonly start: Position;
  readonly end: Position;
}

const FIRST: Position = { line: 1, column: 1 };

const rangeOf = (span: Span, sources: ReadonlyMap<string, Source>): Range => {
  const source = sources.get(span.file);
  return source === undefined
    ? { start: FIRST, end: FIRST }
    : { start: positionOf(source, span.start), end: positionOf(source, span.end) };
};

const concise: Format = ({ diagnostics, sources }) =>
  diagnostics
    .map((d) => {
      const { line, column } = rangeOf(d.span, sources).start;
      return `${d.span.file}:${line}:${column}: ${d.severity}[${d.code} ${d.name}] ${d.message}\n`;
    })
    .join('');

const record = (d: Diagnostic, sources: ReadonlyMap<string, Source>) => ({
  file: d.span.file,
  ...rangeOf(d.span, sources),
  offset: { start: d.span.start, end: d.span.end },
  severity: d.severity,
  code: d.code,
  name: d.name,
  message: d.message,
  help: d.help ?? null,
  related: (d.related ?? []).map((r) => ({ file: r.span.file, ...rangeOf(r.span, sources), message: r.message })),
  fix: fixOf(d, sources),
});

/** The cure as plain replacements in the finding's file; null where tlp knows none. */
const fixOf = (d: Diagnostic, sources: ReadonlyMap<string, Source>) => {
  const source = sources.get(d.span.file);
  const edits = d.fix === undefined || source === undefined ? null : textEdits(source, d.fix);
  if (d.fix === undefined || source === undefined || edits === null) return null;
  return {
    title: d.fix.title,
    safe: d.fix.safe,
    edits: edits.map(({ start, end, text }) => ({
      ...rangeOf({ file: source.name, start, end }, sources),
      offset: { start, end },
      text,
    })),
  };
};

const json: Format = ({ diagnostics, sources, files }) =>
  `${JSON.stringify({ files, diagnostics: diagnostics.map((d) => record(d, sources)) }, null, 2)}\n`;

const jsonl: Format = ({ diagnostics, sources }) =>
  diagnostics.map((d) => `${JSON.stringify(record(d, sources))}\n`).join('');

/** SARIF 2.1.0. */
const sarif: Format = ({ diagnostics, sources, rules }) => {
  const used = [...new Set(diagnostics.map((d) => d.code))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tlp',
            rules: used.map((code) => {
              const rule = rules.find((each) => each.code === code);
              return {
                id: code,
                name: rule?.name ?? code,
                shortDescription: { text: rule?.summary ?? code },
                fullDescription: { text: rule?.explanation ?? code },
              };
            }),
          },
        },
        columnKind: 'unicodeCodePoints',
        results: diagnostics.map((d) => {
          const { start, end } = rangeOf(d.span, sources);
          const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
          return {
            ruleId: d.code,
            ruleIndex: used.indexOf(d.code),
            level: d.severity,
            message: { text: d.help === undefined ? d.message : `${d.message} ${d.help}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: encodeURI(d.span.file.replaceAll('\\', '/')) },
                  ...(sources.has(d.span.file) ? { region } : {}),
                },
              },
            ],
            ...sarifFix(d, sources),
          };
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

const sarifFix = (d: Diagnostic, sources: ReadonlyMap<string, Source>): object => {
  const fix = fixOf(d, sources);
  if (fix === null) return {};
  const replacements = fix.edits.map(({ start, end, text }) => ({
    deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    insertedContent: { text },
  }));
  const artifactLocation = { uri: encodeURI(d.span.file.replaceAll('\\', '/')) };
  return { fixes: [{ description: { text: fix.title }, artifactChanges: [{ artifactLocation, replacements }] }] };
};

/** Workflow commands of GitHub Actions. */
const github: Format = ({ diagnostics, sources }) => {
  const data = (value: string): string => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string): string => data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return diagnostics
    .map((d) => {
      const { start, end } = rangeOf(d.span, sources);
      const sameLine = start.line === end.line ? `,col=${start.column},endColumn=${end.column}` : '';
      const place = `file=${property(d.span.file)},line=${start.line},endLine=${end.line}${sameLine}`;
      const message = d.help === undefined ? d.message : `${d.message}\n${d.help}`;
      return `::${d.severity} ${place},title=${property(`${d.code} ${d.name}`)}::${data(message)}\n`;
    })
    .join('');
};

const junit: Format = ({ diagnostics, sources }) => {
  const xml = (value: string): string =>
    value
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids these.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
  const cases = diagnostics.map((d) => {
    const { line, column } = rangeOf(d.span, sources).start;
    const where = `${d.span.file}:${line}:${column}`;
    const body = `${where}: ${d.message}${d.help === undefined ? '' : ` ${d.help}`}`;
    const failure = `<failure type="${d.severity}" message="${xml(d.message)}">${xml(body)}</failure>`;
    return `    <testcase name="${xml(`${d.code} ${d.name} ${where}`)}" classname="${xml(d.span.file)}">${failure}</testcase>\n`;
  });
  const clean = diagnostics.length === 0 ? ['    <testcase name="check" classname="tlp"/>\n'] : [];
  const tests = Math.max(1, diagnostics.length);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites tests="${tests}" failures="${diagnostics.length}">\n`,
    `  <testsuite name="tlp check" tests="${tests}" failures="${diagnostics.length}">\n`,
    ...cases,
    ...clean,
    '  </testsuite>\n</testsuites>\n',
  ].join('');
};

export const formats: Readonly<Record<string, Format>> = { concise, json, jsonl, sarif, github, junit };
