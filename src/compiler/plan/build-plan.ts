// Verb: a parsed file to the plan of its runs.
import type { File, Let, Param, Run, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Source, Span } from '../../parser/source.ts';
import { walk } from '../../parser/walk.ts';
import { correction } from '../findings/correction.ts';
import { continuesOrder } from '../findings/structure.ts';
import { duplicateName, outOfRange, unknownName } from '../findings/words.ts';
import { suggestion } from '../leaf/nearest.ts';
import { bindValues } from './bind-values.ts';
import { resolveData } from './build-data.ts';
import { layersIn } from './build-network.ts';
import { buildRun, type RunDraft } from './build-run.ts';
import { collect, type Program, type ReadImport } from './collect.ts';
import { expandSweeps, MOST_RUNS } from './expand-sweep.ts';
import type { LayerPlan } from './plan.ts';
import { partReaders, sharedParts } from './read-parts.ts';
import { EnoughFound, report, type Scope } from './scope.ts';
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
  const { runs, usedParts } = draftRuns({ scope, outer, program, pipeline, set, start });
  return { program, runs, usedParts };
};

interface Drafting {
  readonly scope: Scope;
  /** The scope with the values that hold where nothing is swept. */
  readonly outer: Scope;
  readonly program: Program;
  readonly pipeline: string;
  readonly set: ReadonlyMap<string, Value>;
  /** Where a run stands that the file does not spell out. */
  readonly start: Span;
}

/** Stages of all runs of a file, each counted as its layers and STAGE more. */
const MOST_WORK = 300_000;

/** What a stage counts without any layers of one's own. */
const STAGE = 30;

/** The runs of each combination of what is swept. */
const draftRuns = ({ scope, outer, program, pipeline, set, start }: Drafting): Omit<Planned, 'program'> => {
  const params = program.values.filter((item) => item.kind === 'param');
  const combinations = expandSweeps(outer, program.sweeps, params, set, Math.max(1, program.runs.length));
  const shared = sharedParts(dependents(program.values, combinations[0]?.values.keys() ?? []));
  const usedParts = new Set<object>();
  const drafts: RunDraft[] = [];
  let work = 0;
  for (const { suffix, values } of combinations) {
    const bound = suffix === '' ? outer : bindValues(scope, program.values, new Map([...set, ...values]));
    const parts = partReaders(bound, shared);
    const draft = (node: Run | null, name: string): void => {
      const made = buildRun(bound, parts, program, { node, name, suffix, earlier: drafts, place: start });
      drafts.push(made);
      work += (made.stages?.length ?? 0) * (STAGE + ownLayers(made));
      if (work > MOST_WORK) tooMuchWork(scope, made.span);
    };
    if (program.runs.length === 0) draft(null, pipeline);
    for (const [i, run] of program.runs.entries()) draft(run, run.name?.text ?? `run ${i + 1}`);
    for (const part of parts.used) usedParts.add(part);
  }
  readUnused(outer, program);
  return { runs: drafts, usedParts };
};

const tooMuchWork = (scope: Scope, span: Span): never => {
  const message = 'The runs up to this one have too many stages and layers for one file.';
  report(
    scope,
    finding(outOfRange, span, message, { help: 'Sweep or repeat less, write fewer stages, or write several files.' }),
  );
  throw new EnoughFound();
};

const ownLayers = ({ backbone, head }: RunDraft): number =>
  (backbone?.kind === 'own' ? countLayers(backbone.layers) : 0) + (head === null ? 0 : countLayers(head));

const counted = new WeakMap<readonly LayerPlan[], number>();

/** `layersIn`, once for a list that many runs share. */
const countLayers = (layers: readonly LayerPlan[]): number => {
  const count = counted.get(layers) ?? layersIn(layers);
  counted.set(layers, count);
  return count;
};

/** These names, and those of all values that they go into. Values stand before those that they go into. */
const dependents = (items: readonly (Let | Param)[], names: Iterable<string>): ReadonlySet<string> => {
  const found = new Set(names);
  if (found.size === 0) return found;
  for (const item of items) {
    if (item.name === null) continue;
    for (const node of walk(item)) if (node.kind === 'word' && found.has(node.text)) found.add(item.name.text);
  }
  return found;
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

/** Runs are not too many, their names differ, and they continue what stands before them. */
const checkRuns = (scope: Scope, runs: readonly Run[]): void => {
  const excess = runs[MOST_RUNS];
  if (excess !== undefined) {
    const message = `This file has ${runs.length} runs; ${MOST_RUNS} are the most.`;
    report(scope, finding(outOfRange, excess.word.span, message, { help: 'Write several files.' }));
    throw new EnoughFound();
  }
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
