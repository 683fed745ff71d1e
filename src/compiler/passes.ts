// The ordered list of what happens to a stage between its layers and its ONNX models. Each pass can be stopped after and printed.
import { printGraph } from './graph/print.ts';
import { pruneGraph, shareEqualNodes } from './graph/prune.ts';
import { addGradients, addUpdate } from './training/add-update.ts';
import { foldBatchNorm } from './training/fold-batch-norm.ts';
import { fusePadding } from './training/fuse-padding.ts';
import { lowerModel } from './training/lower-model.ts';
import { spellBatchNorm } from './training/spell-batch-norm.ts';
import { splitAtFrontier } from './training/split-frontier.ts';
import { constantsOf, mapGraphs, type TrainingGraphs, type TrainingRequest } from './training/training-graphs.ts';
import { verifyTraining } from './training/verify.ts';

interface Named {
  readonly name: string;
  /** What it does, for people. */
  readonly does: string;
}

/** Makes the graphs that all passes behind it change. */
export interface FirstPass extends Named {
  start(request: TrainingRequest): TrainingGraphs;
}

export interface Pass extends Named {
  run(graphs: TrainingGraphs, request: TrainingRequest): TrainingGraphs;
  /** From here on the graphs hold operators of the standard ONNX domain only. */
  readonly standard?: true;
}

export type Passes = readonly [FirstPass, ...Pass[]];

export const passes: Passes = [
  {
    name: 'lower',
    does: 'layers to operators: forward pass, loss, right answers',
    start: lowerModel,
  },
  {
    name: 'fuse-padding',
    does: 'zero padding becomes part of the convolution behind it',
    run: (graphs) => mapGraphs(graphs, fusePadding),
  },
  {
    name: 'split-frontier',
    does: 'what images and frozen weights alone decide becomes a graph of its own',
    run: splitAtFrontier,
  },
  {
    name: 'fold-batch-norm',
    does: 'batch norm in inference form becomes part of its convolution, where no gradient has to pass between them',
    run: (graphs) => {
      const all = new Set(graphs.state.map(({ name }) => name));
      return {
        ...mapGraphs(graphs, (graph) => foldBatchNorm(graph, constantsOf(graphs))),
        evaluate: foldBatchNorm(graphs.evaluate, all),
        predict: foldBatchNorm(graphs.predict, all),
      };
    },
  },
  {
    name: 'differentiate',
    does: 'clipped gradients of what trains; nothing below the frontier',
    run: addGradients,
  },
  {
    name: 'update',
    does: 'weight decay and the optimizer; without it the graph serves engines that update in place',
    run: addUpdate,
  },
  {
    name: 'spell-batch-norm',
    does: 'batch norm in training form becomes plain operators that every provider has',
    run: (graphs) => mapGraphs(graphs, spellBatchNorm),
    standard: true,
  },
  {
    name: 'drop-dead',
    does: 'what no output needs goes',
    run: (graphs) => mapGraphs(graphs, (graph) => pruneGraph(graph)),
  },
  {
    name: 'share-equal',
    does: 'what is computed twice is computed once',
    run: (graphs) => mapGraphs(graphs, shareEqualNodes),
  },
];

export interface PassOptions {
  /** Name of the last pass to run; default: all run. */
  readonly last?: string;
  /** Verify the graphs behind every pass (`TLP_VERIFY=1`); a fault throws and names the pass. */
  readonly verify?: boolean;
}

/** Graphs of one stage after the passes of `list`, or after one of them. Pure; the same request gives the same graphs. */
export const runPasses = (
  request: TrainingRequest,
  { last, verify = false }: PassOptions = {},
  list: Passes = passes,
): TrainingGraphs => {
  const end = last === undefined ? list.length - 1 : list.findIndex(({ name }) => name === last);
  if (end < 0) throw new Error(`there is no pass '${last}'`);
  const [first, ...others] = list;
  let graphs = first.start(request);
  let standard = false;
  if (verify) verifyTraining(graphs, first.name, standard);
  for (const pass of others.slice(0, end)) {
    graphs = pass.run(graphs, request);
    standard ||= pass.standard === true;
    if (verify) verifyTraining(graphs, pass.name, standard);
  }
  return graphs;
};

/** All graphs of a stage (`gradients` is what the CPU runs, `train` what other devices run), for `tlp compile --emit training` and golden files. */
export const printTraining = (graphs: TrainingGraphs): string => {
  const { prefix, gradients, train, evaluate, predict, state, masks } = graphs;
  const kept = constantsOf(graphs);
  const frozen = state.filter(({ name }) => kept.has(name)).length;
  const slots = state.filter(({ weight }) => weight === null).length;
  return [
    `// ${passes.map(({ name }) => name).join(' > ')}`,
    `// state: ${state.length - slots} weights (${frozen} constant), ${slots} optimizer slots`,
    ...masks.map((mask) => `// mask ${mask.name}: Nx${mask.shape.join('x')}, rate ${mask.rate}`),
    ...[prefix, gradients, train, evaluate, predict].flatMap((graph) =>
      graph === null ? [] : ['', printGraph(graph).trimEnd()],
    ),
    '',
  ].join('\n');
};
