// Verb: `tlp plan FILE`: what will be done, every default visible: the plan as YAML, then what follows from it, then the summary.
import { comparePlans } from '../../src/compiler/compare-plans.ts';
import { factsOf, type RunFacts } from '../../src/compiler/facts.ts';
import type { Plan } from '../../src/compiler/plan/plan.ts';
import { checkHere, type FileOptions, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';

export interface PlanCommandOptions extends FileOptions {
  readonly json?: boolean | undefined;
  /** With JSON: `{ plan, facts }` in place of the plan alone. */
  readonly facts?: boolean | undefined;
  /** Show this run only. */
  readonly run?: string | undefined;
  /** Show what changed from this pipeline, plan or run folder. */
  readonly against?: string | undefined;
}

export const plan = (file: string, options: PlanCommandOptions = {}): Promise<number> =>
  guarded(async () => {
    const read = await checkHere(file, options);
    const checked = reportChecked(read);
    if (checked === null) return exitCode.pipelineErrors;
    const chosen = choose(checked, options.run);
    if (options.against !== undefined) return compare(chosen, options.against, options);
    const { verifyPlan } = await import('../../src/compiler/plan/verify.ts');
    const problems = verifyPlan(chosen);
    if (problems.length > 0) throw new Error(`the plan does not fit its schema: ${problems[0]}`);
    const json = options.json === true;
    const facts = json && options.facts !== true ? [] : chosen.runs.map((run) => factsOf(run, read.layers.get(run)));
    if (json) write(options.facts === true ? { plan: chosen, facts: facts.map(plain) } : chosen);
    else {
      const { printPlan } = await import('../../src/compiler/plan/print.ts');
      const { printRun, printSummary } = await import('../../src/report/print-facts.ts');
      const { keptFeatures } = await import('../../src/session/kept-features.ts');
      const { locateData } = await import('../../src/session/locate-data.ts');
      const shown = { ...chosen, runs: chosen.runs.slice(0, MOST_SHOWN) };
      const kept = keptFeatures(locateData(shown, file), facts.slice(0, MOST_SHOWN), process.env);
      const runs = shown.runs.map((run, i) => printRun(run, facts[i]!, kept[i]));
      const more = chosen.runs.length - shown.runs.length;
      const rest = more === 0 ? '' : `# and ${more} more runs: --run NAME shows one, --json all\n`;
      process.stdout.write(`${printPlan(shown)}${runs.join('')}${rest}${printSummary(chosen.runs, facts)}`);
    }
    return exitCode.done;
  });

/** Runs that are spelt out for people. */
const MOST_SHOWN = 100;

const write = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

const compare = async (chosen: Plan, path: string, options: PlanCommandOptions): Promise<number> => {
  const { holdsPlan, readPlan } = await import('../../src/session/read-plan.ts');
  const other = holdsPlan(path) ? await readPlan(path) : reportChecked(await checkHere(path, options));
  if (other === null) return exitCode.pipelineErrors;
  const before =
    options.run === undefined ? other : { ...other, runs: other.runs.filter((r) => r.name === options.run) };
  const runs = comparePlans(before, chosen);
  if (options.json === true) write({ against: path, runs });
  else {
    const { printComparison } = await import('../../src/report/print-comparison.ts');
    process.stdout.write(printComparison(runs, path));
  }
  return exitCode.done;
};

const choose = (plan: Plan, name: string | undefined): Plan => {
  if (name === undefined) return plan;
  const runs = plan.runs.filter((run) => run.name === name);
  if (runs.length > 0) return { ...plan, runs };
  const names = plan.runs.map((run) => `"${run.name}"`).join(', ');
  throw new CommandError(`there is no run "${name}": the file has ${names}`);
};

/** Facts as JSON: layers by their names, the model as a count. */
const plain = ({ model, stages, ...facts }: RunFacts): object => ({
  ...facts,
  layers: model?.layers.length ?? null,
  stages: stages.map(({ frozen, cacheable, ...stage }) => ({
    ...stage,
    frozen: [...frozen],
    cacheable:
      cacheable === null
        ? null
        : {
            layers: cacheable.layers.map(({ name }) => name),
            features: cacheable.features,
            bytes_per_image: cacheable.values * 4,
          },
  })),
});
