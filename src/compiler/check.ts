// Verb: source text to plan and findings. Pure; the one entry for command line, editor and tests.
import { type Diagnostic, finding, sortDiagnostics } from '../parser/diagnostic.ts';
import { parse } from '../parser/parse.ts';
import { emptyFile } from '../parser/rules/files.ts';
import { clampSpan, type Source, sourceOf } from '../parser/source.ts';
import { checkNetwork } from './check-network.ts';
import { buildPlan } from './plan/build-plan.ts';
import { runPlan } from './plan/build-run.ts';
import type { ReadImport } from './plan/collect.ts';
import { type Origins, originsOf } from './plan/origins.ts';
import type { Plan } from './plan/plan.ts';
import type { Scope } from './plan/scope.ts';
import { readSettings } from './plan/settings.ts';

export interface CheckOptions {
  /** `name=value` pairs from outside. */
  readonly set?: readonly string[];
  /** Reads imported files; without it, imports are errors. */
  readonly readImport?: ReadImport;
}

export interface CheckResult {
  /** Null where the text has errors. */
  readonly plan: Plan | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where each piece of the plan was written. */
  readonly origins: Origins;
  /** All texts that the findings speak of, by name. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** `name` is what findings call the file; the pipeline is its base name without `.tlp`. Never throws. */
export const checkText = (text: string, name: string, options: CheckOptions = {}): CheckResult => {
  const source = sourceOf(name, text);
  const parsed = parse(source);
  if (parsed.file.items.length === 0 && parsed.diagnostics.length === 0) return nothing(source);
  const settings = readSettings(options.set ?? []);
  const scope: Scope = {
    diagnostics: [...parsed.diagnostics, ...settings.diagnostics],
    values: new Map(),
    damaged: new Set(),
    used: new Set(),
    marks: new WeakMap(),
  };
  const pipeline = pipelineName(name);
  const planned = buildPlan(scope, source, parsed.file, pipeline, {
    set: settings.values,
    readImport: options.readImport ?? null,
  });
  const sources = new Map([...planned.program.sources, ...settings.sources].map((s) => [s.name, s]));
  const runs = planned.runs.map((draft) => runPlan(scope, draft));
  const complete = runs.filter((run) => run !== null);
  const whole: Plan = { version: 1, pipeline, runs: complete };
  const origins = originsOf(whole, scope.marks);
  const networks = complete.flatMap((run, i) => checkNetwork(run, `/runs/${i}`, origins, name));
  const diagnostics = sortDiagnostics([...scope.diagnostics, ...networks]);
  const failed = diagnostics.some((d) => d.severity === 'error') || complete.length < runs.length;
  return { plan: failed ? null : whole, diagnostics, origins, sources };
};

const nothing = (source: Source): CheckResult => ({
  plan: null,
  diagnostics: [
    finding(emptyFile, clampSpan(source, 0, 0), 'This file holds no statement.', {
      help: '`tlp init` writes a pipeline to begin with.',
    }),
  ],
  origins: new Map(),
  sources: new Map([[source.name, source]]),
});

/** `pipelines/quickstart.tlp` → `quickstart`; `<stdin>` → `main`. */
export const pipelineName = (name: string): string => {
  const base = name.split(/[\\/]/).at(-1) ?? name;
  const bare = base.replace(/\.tlp$/, '');
  return bare === '' || bare.startsWith('<') ? 'main' : bare;
};
