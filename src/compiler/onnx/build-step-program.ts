// Verb: training graphs to the step program that an engine runs.
import { fixed } from '../graph/dims.ts';
import type { Graph } from '../graph/graph.ts';
import type { OptimizerPlan } from '../plan/plan.ts';
import type { TrainingGraphs } from '../training/training-graphs.ts';
import { encodeOnnx } from './encode.ts';
import type { FeatureInput, StepProgram } from './step-program.ts';

const withIndices = (graph: Graph): readonly string[] => {
  const used = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  return graph.nodes.flatMap(({ op, outputs }) =>
    op.op === 'MaxPool' && used.has(outputs[1] as string) ? [outputs[0] as string] : [],
  );
};

const featuresOf = ({ outputs, values }: Graph): readonly FeatureInput[] =>
  outputs.map((name) => ({ name, shape: values.get(name)!.shape.slice(1).map(fixed) }));

/** Encodes the graphs of one stage. */
export const buildStepProgram = (graphs: TrainingGraphs, optimizer: OptimizerPlan): StepProgram => {
  const { prefix } = graphs;
  const names = new Set(graphs.state.map(({ name }) => name));
  const weights = prefix === null ? [] : prefix.inputs.filter((name) => names.has(name));
  return {
    state: graphs.state,
    prefix:
      prefix === null ? null : { model: encodeOnnx(prefix, new Set(weights)), weights, features: featuresOf(prefix) },
    train: graphs.train === null ? null : encodeOnnx(graphs.train),
    gradients:
      graphs.gradients === null ? null : { model: encodeOnnx(graphs.gradients), optimizer, weights: graphs.updates },
    cpuNodes: graphs.train === null ? [] : withIndices(graphs.train),
    evaluate: encodeOnnx(graphs.evaluate),
    predict: encodeOnnx(graphs.predict),
  };
};
