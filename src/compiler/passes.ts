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

export interface Pass {
  readonly name: string;
  /** What it does, for people. */
  readonly does: string;
  run(graphs: TrainingGraphs, request: TrainingRequest): TrainingGraphs;
}

export const passes: readonly Pass[] = [
  {
    name: 'lower',
    does: 'layers to operators: forward pass, loss, right answers',
    run: (_, request) => lowerModel(request),
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

/** Graphs of one stage after all passes, or after the pass `last`. Pure; the same request gives the same graphs. */
export const runPasses = (request: TrainingRequest, last = passes[passes.length - 1]?.name): TrainingGraphs => {
  const end = passes.findIndex(({ name }) => name === last);
  if (end < 0) throw new Error(`there is no pass '${last}'`);
  const start = lowerModel(request);
  return passes.slice(1, end + 1).reduce((graphs, pass) => pass.run(graphs, request), start);
};

/** All graphs of a stage, for `tlp compile --emit training` and golden files. */
export const printTraining = (graphs: TrainingGraphs): string => {
  const { prefix, train, evaluate, predict, state, masks } = graphs;
  const kept = constantsOf(graphs);
  const frozen = state.filter(({ name }) => kept.has(name)).length;
  const slots = state.filter(({ weight }) => weight === null).length;
  return [
    `// ${passes.map(({ name }) => name).join(' > ')}`,
    `// state: ${state.length - slots} weights (${frozen} constant), ${slots} optimizer slots`,
    ...masks.map((mask) => `// mask ${mask.name}: Nx${mask.shape.join('x')}, rate ${mask.rate}`),
    ...[prefix, train, evaluate, predict].flatMap((graph) => (graph === null ? [] : ['', printGraph(graph).trimEnd()])),
    '',
  ].join('\n');
};
