// Table: classes that merge several inputs.
import { showShape } from '../problem.ts';
import { channelsOf, type LayerShape } from '../tensors.ts';
import { kerasClass, type ShapeFault } from './keras-class.ts';

function branchesFault(what: string, inputs: readonly LayerShape[], need: string): ShapeFault {
  return {
    name: 'branches-differ',
    message: `the branches of \`${what}\` give ${inputs.map(showShape).join(' and ')}`,
    help: `make all branches give ${need}: check strides, padding and filters`,
  };
}

/** Shapes of one rank; sizes equal or 1. Null when they do not fit. */
function broadcast(inputs: readonly LayerShape[]): LayerShape | null {
  const rank = inputs[0]?.length ?? 0;
  if (inputs.some((input) => input.length !== rank)) return null;
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(...inputs.map((input) => input[axis] ?? 1)));
  const fits = inputs.every((input) => input.every((size, axis) => size === 1 || size === shape[axis]));
  return fits ? shape : null;
}

export const merges = {
  Add: kerasClass({
    shape: (_, inputs) => {
      const different = inputs.some((input) => showShape(input) !== showShape(inputs[0] ?? []));
      return { shape: inputs[0] ?? [], fault: different ? branchesFault('add', inputs, 'the same shape') : null };
    },
  }),
  Multiply: kerasClass({
    shape: (_, inputs) => {
      const shape = broadcast(inputs);
      return {
        shape: shape ?? inputs[0] ?? [],
        fault: shape ? null : branchesFault('multiply', inputs, 'the same shape, or 1 where they differ'),
      };
    },
    keeps: () => ({ inputs: true }),
  }),
  Concatenate: kerasClass({
    shape: (_, inputs) => {
      const first = inputs[0] ?? [];
      const front = showShape(first.slice(0, -1));
      const different = inputs.some((i) => i.length !== first.length || showShape(i.slice(0, -1)) !== front);
      return {
        shape: [...first.slice(0, -1), inputs.reduce((sum, input) => sum + channelsOf(input), 0)],
        fault: different ? branchesFault('concatenate', inputs, 'the same height and width') : null,
      };
    },
    tfjs: () => ({ axis: -1 }),
  }),
};
