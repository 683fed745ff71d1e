// Verify: the graphs of a stage, one by one and against each other. Throws an error of tlp's own, never of a user.
import { printShape, sameShape } from '../graph/dims.ts';
import type { Graph } from '../graph/graph.ts';
import { verifyGraph } from '../graph/verify.ts';
import { writtenState } from './state-tensor.ts';
import type { TrainingGraphs } from './training-graphs.ts';

/** Fed with every step, whether the optimizer reads them or not. */
const DECLARED: ReadonlySet<string> = new Set(['learning_rate', 'iteration']);

/** Every input is something that the runtime feeds, in its shape; every next value or gradient has the shape of its state. */
const linkFaults = (graph: Graph, stage: TrainingGraphs): readonly string[] => {
  const state = new Map(stage.state.map(({ name, shape }) => [name, shape]));
  const masks = new Map(stage.masks.map(({ name, shape }) => [name, [{ times: 1 }, ...shape]]));
  const below = stage.prefix === null || graph === stage.prefix ? [] : stage.prefix.outputs;
  const fed = new Set(['images', 'labels', ...DECLARED, ...state.keys(), ...masks.keys(), ...below]);
  const shapeOf = (name: string) => graph.values.get(name)?.shape ?? [];
  const differs = (name: string, of: string): readonly string[] => {
    const wanted = state.get(of) ?? masks.get(of);
    return wanted === undefined || sameShape(shapeOf(name), wanted)
      ? []
      : [`'${name}' is ${printShape(shapeOf(name))}, its state ${printShape(wanted)}`];
  };
  return [
    ...graph.inputs.filter((name) => !fed.has(name)).map((name) => `nobody feeds the input '${name}'`),
    ...graph.inputs.flatMap((name) => differs(name, name)),
    ...graph.outputs.flatMap((name) => {
      const written = writtenState(name);
      if (written === null) return [];
      return state.has(written.state)
        ? differs(name, written.state)
        : [`the output '${name}' belongs to no state tensor`];
    }),
  ];
};

/**
 * Throws where a graph is not sound, with all its faults and the pass that left it so. `standard`: no operator of tlp's own may be
 * left (true from `spell-batch-norm` on).
 */
export const verifyTraining = (stage: TrainingGraphs, pass: string, standard: boolean): void => {
  const { prefix, gradients, train, evaluate, predict } = stage;
  const graphs = { prefix, gradients, train, evaluate, predict };
  const faults = Object.entries(graphs).flatMap(([title, graph]) =>
    graph === null
      ? []
      : [...verifyGraph(graph, { declared: DECLARED, standard }), ...linkFaults(graph, stage)].map(
          (fault) => `graph ${title}: ${fault}`,
        ),
  );
  const names = stage.state.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  faults.push(...twice.map((name) => `two state tensors are named '${name}'`));
  if (faults.length > 0) throw new Error(`the pass '${pass}' left a graph that does not hold:\n${faults.join('\n')}`);
};
