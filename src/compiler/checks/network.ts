// Verb: a plan to the findings about its networks, placed in the text.
import type { Diagnostic } from '../../parser/diagnostic.ts';
import { networkRules } from '../findings/network.ts';
import { buildLayers } from '../layers/build-layers.ts';
import { frozenLayers } from '../layers/freeze.ts';
import type { LayersModel } from '../layers/layers.ts';
import type { LayerProblem } from '../layers/problem.ts';
import { diagnosticAt, type Origins } from '../plan/origins.ts';
import type { RunPlan } from '../plan/plan.ts';

export interface CheckedNetwork {
  readonly diagnostics: readonly Diagnostic[];
  /** Null where the layers do not fit together, or cannot be built yet. */
  readonly model: LayersModel | null;
  /** Names of the frozen layers of each stage. */
  readonly frozen: readonly ReadonlySet<string>[];
}

/** `at` is the JSON pointer of the run in the plan. */
export const checkNetwork = (run: RunPlan, at: string, origins: Origins, file: string): CheckedNetwork => {
  const { model, problems } = buildLayers(run, at);
  const missing = problems.some((problem) => problem.name === 'not-built-yet');
  const policies = missing
    ? []
    : run.stages.map((stage, i) => frozenLayers(model, stage.freeze, `${at}/stages/${i}/freeze`));
  const diagnostics = [...problems, ...policies.flatMap((policy) => policy.problems)].map((problem) =>
    withCure(
      problem,
      diagnosticAt(
        origins,
        problem.origin,
        file,
        networkRules[problem.name],
        sentence(problem.message),
        sentence(problem.help),
      ),
    ),
  );
  return {
    diagnostics,
    model: problems.length > 0 ? null : model,
    frozen: policies.map((policy) => policy.frozen),
  };
};

/** Pooling before the dense layer that lacks it: not the same network as with `flatten`, so it is for the person to judge. */
const withCure = ({ name, origin }: LayerProblem, diagnostic: Diagnostic): Diagnostic => {
  if (name !== 'dense-needs-flatten' || !/\/(head|layers)\/\d+$/.test(origin)) return diagnostic;
  const text = 'global_average_pooling';
  const fix = {
    title: `Insert \`${text}\``,
    edits: [{ kind: 'insert', span: diagnostic.span, text }],
    safe: false,
  } as const;
  return { ...diagnostic, fix };
};

/** With a capital letter at the beginning (unless it is a name) and a full stop at the end. */
const sentence = (text: string): string => {
  const end = /[.?!]$/.test(text) ? '' : '.';
  const first = /^[a-z]+ /.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
  return `${first}${end}`;
};
