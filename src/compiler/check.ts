// Verb: source text to plan and findings. Pure; the one entry for command line, editor and tests.
import type { File } from '../parser/ast.ts';
import { type Diagnostic, finding, sortDiagnostics } from '../parser/diagnostic.ts';
import { parse } from '../parser/parse.ts';
import { emptyFile } from '../parser/rules/files.ts';
import { theFirst } from '../parser/rules/rules.ts';
import { clampSpan, type Source, type Span, sourceOf } from '../parser/source.ts';
import { checkNetwork } from './checks/network.ts';
import { planChecks } from './checks/plan/index.ts';
import type { RunContext } from './checks/plan/plan-check.ts';
import { checkProgram } from './checks/program.ts';
import { rules } from './findings/index.ts';
import { layersOfRuns, type RunLayers } from './layers/run-layers.ts';
import { applyLevels, type FindingLevel, readIgnores, readRuleBlock } from './levels/levels.ts';
import { type Binding, bindingsOf } from './plan/bindings.ts';
import { buildPlan, type Planned } from './plan/build-plan.ts';
import { type RunDraft, runPlan } from './plan/build-run.ts';
import type { Program, ReadImport } from './plan/collect.ts';
import type { Origins } from './plan/origins.ts';
import type { Plan, RunPlan } from './plan/plan.ts';
import { EnoughFound, type Scope } from './plan/scope.ts';
import { readSettings } from './plan/settings.ts';

export interface CheckOptions {
  /** `name=value` pairs from outside. */
  readonly set?: readonly string[];
  /** Values of params by the name of their variable, `TLP_PARAM_LR`; those that the file has no param for are left alone. */
  readonly environment?: ReadonlyMap<string, string>;
  /** Levels of warnings; they go before those of the file. */
  readonly levels?: readonly FindingLevel[];
  /** Reads imported files; without it, imports are errors. */
  readonly readImport?: ReadImport;
  /** Whether a file or folder that the text names is there; without it, nobody looks. */
  readonly isThere?: (path: string) => boolean;
}

export interface CheckResult {
  /** The tree of the text; of a broken text what could be read. */
  readonly file: File;
  /** What stands in the text and in what it imports, sorted; null where nothing does. */
  readonly program: Program | null;
  /** Names with their definitions and uses. */
  readonly bindings: readonly Binding[];
  /** Null where the text has errors. */
  readonly plan: Plan | null;
  /** The runs in which all is read without an error, whatever is wrong elsewhere. */
  readonly wholeRuns: readonly RunPlan[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The layers of the plan's runs; of sweeps with many runs, those of some. */
  readonly layers: ReadonlyMap<RunPlan, RunLayers>;
  /** Where each piece of the plan was written. */
  readonly origins: Origins;
  /** All texts that the findings speak of, by name. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** `name` is what findings call the file; the pipeline is its base name without `.tlp`. Never throws. */
export const checkText = (text: string, name: string, options: CheckOptions = {}): CheckResult => {
  const source = sourceOf(name, text);
  const parsed = parse(source);
  if (parsed.file.items.length === 0) return nothing(source, parsed.file, parsed.diagnostics);
  const settings = readSettings(options.set ?? []);
  const scope: Scope = {
    diagnostics: [...parsed.diagnostics, ...settings.diagnostics],
    sources: [source],
    values: new Map(),
    damaged: new Set(),
    used: new Set(),
    marks: new Map(),
  };
  const pipeline = pipelineName(name);
  const planned = planOrEnough(scope, source, parsed.file, pipeline, {
    set: settings.values,
    environment: options.environment ?? new Map(),
    readImport: options.readImport ?? null,
  });
  const sources = new Map([...scope.sources, ...settings.sources].map((s) => [s.name, s]));
  if (planned === null) return { ...nothing(source, parsed.file, scope.diagnostics), sources };
  const runs = planned.runs.map((draft) => runPlan(scope, draft));
  const complete = runs.filter((run) => run !== null);
  const whole: Plan = { version: 1, pipeline, runs: complete };
  const { found, layers, origins, unseen } = checkRuns(scope, planned, runs, whole, options.isThere ?? (() => true));
  const inRuns = [...scope.diagnostics, ...found];
  const hasErrors = inRuns.some((d) => d.severity === 'error');
  const program = checkProgram({ ...planned, runs: planned.runs.length, unseen, usedNames: scope.used, hasErrors });
  const all = [...inRuns, ...program];
  const kept = levelled(source, parsed.comments, planned.program, all, options.levels ?? []);
  const diagnostics = theFirst(sortDiagnostics(kept)).map((each) => curedHere(each, name));
  const failed = diagnostics.some((d) => d.severity === 'error') || complete.length < runs.length;
  return {
    file: parsed.file,
    program: planned.program,
    bindings: bindingsOf(planned.program),
    plan: failed ? null : whole,
    wholeRuns: complete,
    diagnostics,
    layers,
    origins,
    sources,
  };
};

/** The plan as far as it goes; null where so much is wrong that the rest is not looked at. */
const planOrEnough = (...[scope, ...rest]: Parameters<typeof buildPlan>): Planned | null => {
  try {
    return buildPlan(scope, ...rest);
  } catch (error) {
    if (error instanceof EnoughFound) return null;
    throw error;
  }
};

/** What is found in the runs and their networks. */
const checkRuns = (
  scope: Scope,
  planned: Planned,
  runs: readonly (RunPlan | null)[],
  whole: Plan,
  isThere: (path: string) => boolean,
) => {
  // a run whose schedule or augmentation has errors still has a network that can be checked
  const visible = planned.runs.flatMap(
    (draft, i) =>
      runs[i] ?? runPlan(scope, { ...draft, augment: draft.augment ?? [], stages: draft.stages ?? [] }) ?? [],
  );
  const origins: Origins = { plan: { ...whole, runs: visible }, marks: scope.marks };
  const layers = layersOfRuns(visible);
  const inRuns = planned.runs.flatMap((draft, i) => {
    const run = runs[i] ?? null;
    const fitting = run === null ? undefined : layers.get(run);
    const sound = fitting === undefined || fitting.problems.length > 0 ? null : fitting;
    return checkRun(scope, draft, run, sound, planned.runs.slice(0, i), isThere);
  });
  const main = scope.sources[0]!.name;
  const inNetworks = [...layers.values()].flatMap((each) => checkNetwork(each, origins, main));
  return { found: [...inNetworks, ...inRuns], layers, origins, unseen: visible.length - layers.size };
};

/** A finding without its cure where that lies in another file: only the text that is checked is changed. */
const curedHere = ({ fix, ...finding }: Diagnostic, file: string): Diagnostic =>
  fix?.edits.every(({ span }) => span.file === file) ? { ...finding, fix } : finding;

/** Findings as `rules { … }` and the ignore comments of the file want them. */
const levelled = (
  source: Source,
  comments: readonly Span[],
  program: Program,
  found: readonly Diagnostic[],
  levels: readonly FindingLevel[],
): readonly Diagnostic[] => {
  const warnings = rules.filter((rule) => rule.severity === 'warning');
  const block = program.rules === null ? null : readRuleBlock(program.rules, warnings);
  const { ignores, diagnostics } = readIgnores(source, comments, warnings);
  const kept = applyLevels(found, source, [...(block?.settings ?? []), ...levels], ignores);
  return [...kept, ...diagnostics, ...(block?.diagnostics ?? [])];
};

const checkRun = (
  scope: Scope,
  draft: RunDraft,
  run: RunPlan | null,
  layers: RunLayers | null,
  earlier: readonly RunDraft[],
  isThere: (path: string) => boolean,
): readonly Diagnostic[] => {
  const at = (object: object | null, field?: string, around?: object): Span => {
    const mark = object === null ? undefined : scope.marks.get(object);
    const outer = around === undefined ? undefined : scope.marks.get(around);
    return (field === undefined ? undefined : mark?.fields[field]) ?? mark?.span ?? outer?.span ?? draft.span;
  };
  const context: RunContext = { draft, run, earlier, at, layers, isThere };
  return Object.values(planChecks).flatMap((check) => check(context));
};

const nothing = (source: Source, file: File, found: readonly Diagnostic[]): CheckResult => ({
  file,
  program: null,
  bindings: [],
  plan: null,
  wholeRuns: [],
  layers: new Map(),
  diagnostics:
    found.length > 0
      ? theFirst(sortDiagnostics(found))
      : [
          finding(emptyFile, clampSpan(source, 0, 0), 'This file holds no statement.', {
            help: '`tlp init` writes a pipeline to begin with.',
          }),
        ],
  origins: { plan: null, marks: new Map() },
  sources: new Map([[source.name, source]]),
});

/** Whether all runs that were whole are so still, and the same. */
export const keepsRuns = (before: CheckResult, after: CheckResult): boolean => {
  const runs = new Map(after.wholeRuns.map((run) => [run.name, run]));
  return before.wholeRuns.every((run) => JSON.stringify(run) === JSON.stringify(runs.get(run.name)));
};

/** `pipelines/quickstart.tlp` → `quickstart`; `<stdin>` → `main`. */
export const pipelineName = (name: string): string => {
  const base = name.split(/[\\/]/).at(-1) ?? name;
  const bare = base.replace(/\.tlp$/, '');
  return bare === '' || bare.startsWith('<') ? 'main' : bare;
};
