// Verb: a parsed file to the plan of its runs.
import type { File, Run, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Source, Span } from '../../parser/source.ts';
import { correction } from '../findings/correction.ts';
import { continuesOrder } from '../findings/structure.ts';
import { duplicateName, unknownName } from '../findings/words.ts';
import { suggestion } from '../leaf/nearest.ts';
import { bindValues } from './bind-values.ts';
import { resolveData } from './build-data.ts';
import { buildRun, type RunDraft } from './build-run.ts';
import { collect, type Program, type ReadImport } from './collect.ts';
import { expandSweeps } from './expand-sweep.ts';
import { type PartReaders, partReaders } from './read-parts.ts';
import { report, type Scope } from './scope.ts';
import { readEnvironment } from './settings.ts';

export interface PlanOptions {
  /** Values of params from outside. */
  readonly set: ReadonlyMap<string, Value>;
  /** Values of params by the name of their variable. */
  readonly environment: ReadonlyMap<string, string>;
  readonly readImport: ReadImport | null;
}

export interface Planned {
  readonly program: Program;
  readonly runs: readonly RunDraft[];
  /** Parts that some run is made of. */
  readonly usedParts: ReadonlySet<object>;
}

export const buildPlan = (
  scope: Scope,
  source: Source,
  file: File,
  pipeline: string,
  options: PlanOptions,
): Planned => {
  const program = collect(scope, source, file, options.readImport);
  const params = program.values.filter((item) => item.kind === 'param');
  const names = params.flatMap((param) => param.name?.text ?? []);
  const outside = readEnvironment(
    names.filter((name) => !options.set.has(name)),
    options.environment,
  );
  scope.diagnostics.push(...outside.diagnostics);
  program.sources.push(...outside.sources);
  const set = new Map([...outside.values, ...options.set]);
  const outer = bindValues(scope, program.values, set);
  checkSet(scope, options.set, names);
  checkRuns(scope, program.runs);
  const start: Span = { file: source.name, start: 0, end: firstLine(source.text) };
  const drafts: RunDraft[] = [];
  const read: PartReaders[] = [];
  for (const { suffix, values } of expandSweeps(outer, program.sweeps, params, set)) {
    const bound = suffix === '' ? outer : bindValues(scope, program.values, new Map([...set, ...values]));
    const parts = partReaders(bound);
    read.push(parts);
    const draft = (node: Run | null, name: string): RunDraft =>
      buildRun(bound, parts, program, { node, name, suffix, earlier: drafts, place: start });
    if (program.runs.length === 0) drafts.push(draft(null, pipeline));
    for (const [i, run] of program.runs.entries()) drafts.push(draft(run, run.name?.text ?? `run ${i + 1}`));
  }
  readUnused(outer, program);
  const usedParts = new Set(read.flatMap(({ used }) => [...used]));
  return { program, runs: drafts, usedParts };
};

/** Up to the end of the first line that holds something. */
const firstLine = (text: string): number => {
  const found = /\S[^\r\n]*/.exec(text);
  return found === null ? text.length : Math.min(text.length, found.index + found[0].length);
};

/** Of `name` in `name=value`. */
const nameSpan = (value: Span, name: string): Span => {
  const start = Math.max(0, value.start - name.length - 1);
  return { ...value, start, end: start + name.length };
};

const checkSet = (scope: Scope, set: ReadonlyMap<string, Value>, names: readonly string[]): void => {
  for (const [name, value] of set) {
    if (names.includes(name)) continue;
    report(
      scope,
      finding(unknownName, nameSpan(value.span, name), `The file has no param \`${name}\` to set.`, {
        help: names.length === 0 ? `Define it in the file: \`param ${name} = …\`.` : suggestion(name, names, 'params'),
      }),
    );
  }
};

/** Names differ, and runs continue what stands before them. */
const checkRuns = (scope: Scope, runs: readonly Run[]): void => {
  const before = new Map<string, Run>();
  const names = runs.flatMap((run) => run.name?.text ?? []);
  for (const run of runs) {
    const from = run.continues;
    if (from !== null && !before.has(from.text)) {
      report(
        scope,
        names.includes(from.text)
          ? finding(continuesOrder, from.span, `"${from.text}" does not come before this run.`, {
              help: 'Runs are done in the order of the file: move it up.',
            })
          : finding(unknownName, from.span, `There is no run named "${from.text}".`, {
              help: suggestion(
                from.text,
                names.filter((name) => name !== run.name?.text),
                'runs',
              ),
              ...correction(
                from.span,
                from.text,
                names.filter((name) => name !== run.name?.text),
              ),
            }),
      );
    }
    if (run.name === null) continue;
    const first = before.get(run.name.text);
    if (first === undefined) before.set(run.name.text, run);
    else {
      report(
        scope,
        finding(duplicateName, run.name.span, `There are two runs named "${run.name.text}".`, {
          help: 'Give one of them another name.',
          related: [{ span: first.name!.span, message: 'the first one' }],
        }),
      );
    }
  }
};

/** Parts that no run takes are still checked: they are read for nobody. What is found twice is told once. */
const readUnused = (scope: Scope, program: Program): void => {
  if (program.runs.length === 0) return;
  const quiet: Scope = { ...scope, diagnostics: [] };
  const parts = partReaders(quiet);
  for (const part of program.data.values()) {
    const data = parts.data(part);
    if (data !== null) resolveData(quiet, data, null, []);
  }
  for (const kind of ['augment', 'head', 'schedule'] as const) {
    for (const part of program[kind].values()) parts[kind](part);
  }
  for (const part of program.backbone.values()) parts.backbone(part);
  scope.diagnostics.push(...quiet.diagnostics);
};
