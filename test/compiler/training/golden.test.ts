// The training graphs of the pipelines. Two of them whole, as `tlp compile --emit training` prints them; of the others, whose
// graphs have thousands of nodes that repeat, what goes in and out of each graph, and how many operators of each kind it has.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { printShape } from '../../../src/compiler/graph/dims.ts';
import type { Graph } from '../../../src/compiler/graph/graph.ts';
import { buildStageGraphs } from '../../../src/compiler/index.ts';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { printTraining } from '../../../src/compiler/passes.ts';
import { gradientOf, nextOf } from '../../../src/compiler/training/state-tensor.ts';
import { constantsOf, type TrainingGraphs } from '../../../src/compiler/training/training-graphs.ts';
import { golden } from '../../support/golden.ts';

const graphs = suite('golden training graphs');

/** Pipelines and runs printed whole: a network that trains, and one whose backbone is frozen. */
const whole: ReadonlySet<string> = new Set(['quickstart: quickstart', 'vgg16-cifar10: B: feature extraction']);

const counted = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
};

/** State by its number, everything else by name and shape. */
const values = (graph: Graph, list: readonly string[], state: ReadonlySet<string>): string => {
  const held = list.filter((name) => state.has(name));
  const others = list.filter((name) => !state.has(name));
  return [
    ...others.map((name) => `${name} ${printShape(graph.values.get(name)!.shape)}`),
    ...(held.length > 0 ? [`${held.length} of the state`] : []),
  ].join(', ');
};

const summary = (stage: TrainingGraphs): string => {
  const { state, masks } = stage;
  const constants = constantsOf(stage).size;
  const slots = state.filter(({ weight }) => weight === null).length;
  const names = new Set(state.flatMap(({ name }) => [name, nextOf(name), gradientOf(name)]));
  const shown = (title: string, graph: Graph | null): readonly string[] =>
    graph === null
      ? [`graph ${title}: none`]
      : [
          `graph ${title}: ${graph.nodes.length} nodes`,
          `  in:  ${values(graph, graph.inputs, names)}`,
          `  out: ${values(graph, graph.outputs, names)}`,
          `  ${counted(graph.nodes.map(({ op }) => op.op))}`,
        ];
  return [
    `state: ${state.length - slots} weights (${constants} constant), ${slots} optimizer slots`,
    ...masks.map((mask) => `mask ${mask.name}: Nx${mask.shape.join('x')}, rate ${mask.rate}`),
    ...(['prefix', 'gradients', 'train', 'evaluate', 'predict'] as const).flatMap((title) =>
      shown(title, stage[title]),
    ),
    '',
  ].join('\n');
};

for (const file of readdirSync('pipelines').filter((name) => name.endsWith('.tlp'))) {
  const name = basename(file, '.tlp');
  graphs(name, () => {
    const { plan } = checkText(readFileSync(`pipelines/${file}`, 'utf8'), file);
    assert.ok(plan, 'the pipeline has a plan');
    const text = plan.runs.flatMap((run, r) => {
      const layers = buildRunLayers(run, `/runs/${r}`);
      return run.stages.map((stage, s) => {
        const print = whole.has(`${name}: ${run.name}`) ? printTraining : summary;
        const title = `// run ${run.name}, stage ${stage.name}\n`;
        const built = buildStageGraphs(layers, stage, s, null, { verify: true });
        return title + print(built);
      });
    });
    golden(`${name}/training.txt`, text.join('\n'));
  });
}

graphs.run();
