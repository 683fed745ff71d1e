// The ordered list of what happens to a run between its plan and the engine. Each step can be printed.

import { printGraph } from './graph/print.ts';
import type { TrainingGraphs } from './training/training-graphs.ts';

/** Graph passes of a stage in their order; `buildTraining` runs them. */
export const GRAPH_PASSES = [
  { name: 'lower', does: 'layers to operators: forward pass, loss, right answers' },
  { name: 'fuse padding', does: 'zero padding becomes part of the convolution behind it' },
  {
    name: 'split at the freeze frontier',
    does: 'what images and frozen weights alone decide becomes a graph of its own',
  },
  { name: 'fold frozen batch norm', does: 'batch norm in inference form becomes part of a frozen convolution' },
  { name: 'differentiate', does: 'gradients of what trains, nothing below the frontier' },
  { name: 'update', does: 'clipping, weight decay, the optimizer, moving statistics' },
  { name: 'drop dead nodes', does: 'what no output needs' },
  { name: 'share equal nodes', does: 'what is computed twice is computed once' },
] as const;

/** All graphs of a stage, for `tlp compile --emit training` and golden files. */
export const printTraining = ({ prefix, train, evaluate, predict, state, masks }: TrainingGraphs): string =>
  [
    ...GRAPH_PASSES.map(({ name, does }, index) => `// ${index + 1}. ${name}: ${does}`),
    '',
    ...state.map((tensor) => {
      const role = tensor.weight === null ? 'slot' : tensor.updated ? 'weight' : 'constant';
      return `${role} ${tensor.name} : ${tensor.shape.join('x')}`;
    }),
    ...masks.map((mask) => `mask ${mask.name} : Nx${mask.shape.join('x')} rate ${mask.rate}`),
    '',
    ...[prefix, train, evaluate, predict].flatMap((graph) => (graph === null ? [] : [printGraph(graph)])),
  ].join('\n');

export { printKernel } from './kernels/print-kernel.ts';
