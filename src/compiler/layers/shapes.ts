// Verb: input shapes to output shapes, as several classes need it.
import { reachOf, sameCount, windowCount } from '../leaf/convolution.ts';
import type { Pair, Shaped, ShapeFault } from './classes/keras-class.ts';
import { showShape } from './problem.ts';
import { channelsOf, type LayerShape } from './tensors.ts';

export function fine(shape: LayerShape): Shaped {
  return { shape, fault: null };
}

export function same(inputs: readonly LayerShape[]): Shaped {
  return fine(inputs[0] ?? []);
}

/** [height, width, channels]; a list of features counts as one pixel, so that building goes on. */
export function image(inputs: readonly LayerShape[]): readonly [number, number, number] {
  const input = inputs[0] ?? [];
  return input.length === 3 ? [input[0] ?? 1, input[1] ?? 1, input[2] ?? 1] : [1, 1, channelsOf(input)];
}

export function wrongRank(what: string, inputs: readonly LayerShape[]): ShapeFault | null {
  const input = inputs[0] ?? [];
  if (input.length === 3) return null;
  return {
    name: 'wrong-rank',
    message: `${what} takes height x width x channels, but its input is ${showShape(input)}`,
    help: 'put it before `flatten` and global pooling, or remove it',
  };
}

export function slide(
  size: Pair,
  kernel: Pair,
  stride: Pair,
  dilation: Pair,
  padding: 'valid' | 'same',
  what: string,
): { readonly size: Pair; readonly fault: ShapeFault | null } {
  const reach = [reachOf(kernel[0], dilation[0]), reachOf(kernel[1], dilation[1])] as const;
  if (padding === 'same') return { size: [sameCount(size[0], stride[0]), sameCount(size[1], stride[1])], fault: null };
  const fits = reach[0] <= size[0] && reach[1] <= size[1];
  return {
    size: [
      Math.max(1, windowCount(size[0], reach[0], stride[0])),
      Math.max(1, windowCount(size[1], reach[1], stride[1])),
    ],
    fault: fits
      ? null
      : {
          name: 'kernel-too-large',
          message: `the ${showShape(reach)} ${what} does not fit into its ${showShape(size)} input`,
          help: `use \`padding same\`, a smaller ${what}, fewer poolings or strides before it, or larger images`,
        },
  };
}
