// Verb: `tlp plan FILE`: what will be done, every default visible: the plan, the layers of each run, what a step costs.

import { buildLayers } from '../../src/compiler/layers/build-layers.ts';
import { flopsOf, stepMemory } from '../../src/compiler/layers/cost.ts';
import { frozenLayers } from '../../src/compiler/layers/freeze.ts';
import { printLayerTable } from '../../src/compiler/layers/print.ts';
import type { Plan, RunPlan } from '../../src/compiler/plan/plan.ts';
import { printPlan } from '../../src/compiler/plan/print.ts';
import { verifyPlan } from '../../src/compiler/plan/verify.ts';
import { checkFile, reportChecked } from './check-file.ts';
import { CommandError, guarded } from './fail.ts';

export interface PlanCommandOptions {
  readonly json?: boolean | undefined;
  /** Show this run only. */
  readonly run?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
}

export const plan = (file: string, options: PlanCommandOptions = {}): Promise<number> =>
  guarded(async () => {
    const checked = reportChecked(await checkFile(file, options));
    if (checked === null) return 1;
    const chosen = choose(checked, options.run);
    const problems = verifyPlan(chosen);
    if (problems.length > 0) throw new Error(`the plan does not fit its schema: ${problems[0]}`);
    if (options.json === true) process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
    else process.stdout.write(`${printPlan(chosen)}${chosen.runs.map(describe).join('')}`);
    return 0;
  });

const choose = (plan: Plan, name: string | undefined): Plan => {
  if (name === undefined) return plan;
  const runs = plan.runs.filter((run) => run.name === name);
  if (runs.length > 0) return { ...plan, runs };
  const names = plan.runs.map((run) => `"${run.name}"`).join(', ');
  throw new CommandError(`there is no run "${name}": the file has ${names}`);
};

/** Layer table and costs of each stage, as comments of the YAML, so that the whole stays YAML. */
const describe = (run: RunPlan): string => {
  const { model, problems } = buildLayers(run);
  const title = `\n${run.name}\n`;
  if (problems.length > 0) return commented(`${title}layers cannot be shown yet: ${problems[0]!.message}\n`);
  const stages = run.stages.map((stage) => {
    const { frozen } = frozenLayers(model, stage.freeze);
    const memory = stepMemory(model, frozen, stage.batch, slotsOf(stage.optimizer), stage.freeze.batch_norm);
    const flops = flopsOf(model);
    return [
      `\nstage ${stage.name}: ${stage.epochs} epochs of batches of ${stage.batch}\n\n`,
      printLayerTable(model, frozen, stage.freeze.batch_norm),
      `one image forward: ${scaled(flops, 1e9)} G multiply-adds\n`,
      `memory of a step: about ${scaled(memory.total, 1e6)} MB: weights ${scaled(memory.weights, 1e6)}, `,
      `gradients ${scaled(memory.gradients, 1e6)}, optimizer ${scaled(memory.slots, 1e6)}, activations ${scaled(memory.activations, 1e6)}\n`,
    ].join('');
  });
  return commented(`${title}${stages.join('')}`);
};

const slotsOf = (optimizer: RunPlan['stages'][number]['optimizer']): number => {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.momentum > 0 ? 1 : 0;
    case 'adam':
    case 'adamw':
      return optimizer.amsgrad ? 3 : 2;
    case 'rmsprop':
      return 1 + (optimizer.momentum > 0 ? 1 : 0) + (optimizer.centered ? 1 : 0);
    case 'adagrad':
      return 1;
  }
};

const scaled = (value: number, unit: number): string => {
  const n = value / unit;
  return n >= 100 ? n.toFixed(0) : n >= 1 ? n.toFixed(1) : n.toPrecision(2);
};

const commented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '#' : `# ${line}`))
    .join('\n')
    .replace(/#$/, '');
