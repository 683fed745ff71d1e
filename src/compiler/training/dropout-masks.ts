// Verb: model + what is frozen + axis order → the dropout masks that a train batch brings along, in the model's order.
import type { BatchLayout } from '../kernels/preprocess.ts';
import { drawsMask } from '../layers/freeze.ts';
import type { LayersModel } from '../layers/layers.ts';
import type { MaskInput } from './state-tensor.ts';

/** One mask for each dropout layer that drops anything, those of frozen layers left out; axes of maps in the order of the layout. */
export const dropoutMasks = (
  { layers }: LayersModel,
  frozen: ReadonlySet<string>,
  layout: BatchLayout,
): readonly MaskInput[] =>
  layers.flatMap((layer): readonly MaskInput[] => {
    if (!drawsMask(layer, frozen)) return [];
    const { noise_shape, output_shape, rate } = layer;
    const shape = output_shape.map((size, axis) => noise_shape?.[axis] ?? size);
    const [height, width, channels] = shape;
    const ordered = layout === 'nchw' && shape.length === 3 ? [channels!, height!, width!] : shape;
    return [{ name: `${layer.name}/mask`, shape: ordered, rate }];
  });
