// How a Keras weight lies inside the graph: convolution kernels as ONNX wants them, everything else unchanged.
import type { Layer, LayersModel, Weight } from '../layers/layers.ts';
import type { StateTensor } from './state-tensor.ts';

interface Placement {
  readonly permutation: readonly number[];
  readonly shape: readonly number[];
}

/** Height, width, in, out to out, in, height, width. */
const kernel = ({ shape: [h, w, i, o] }: Weight): Placement => ({
  permutation: [3, 2, 0, 1],
  shape: [o!, i!, h!, w!],
});

/** Height, width, channels, multiplier to channels x multiplier, 1, height, width: output channel c x multiplier + m. */
const depthwise = ({ shape: [h, w, c, m] }: Weight): Placement => ({
  permutation: [2, 3, 0, 1],
  shape: [c! * m!, 1, h!, w!],
});

const placements: Readonly<Record<string, (weight: Weight) => Placement>> = {
  'Conv2D/kernel': kernel,
  'DepthwiseConv2D/depthwise_kernel': depthwise,
  'SeparableConv2D/depthwise_kernel': depthwise,
  'SeparableConv2D/pointwise_kernel': kernel,
};

const variableOf = (weight: Weight): string => weight.name.slice(weight.name.lastIndexOf('/') + 1);

const weightState = (layer: Layer, weight: Weight, updated: boolean): StateTensor => {
  const placement = placements[`${layer.class_name}/${variableOf(weight)}`]?.(weight);
  return {
    name: weight.name,
    shape: placement?.shape ?? weight.shape,
    weight: weight.name,
    permutation: placement?.permutation ?? null,
    keras_shape: weight.shape,
    updated,
    initial: 0,
  };
};

/** All weights of the model as state. */
export const weightStates = (model: LayersModel, updated: ReadonlySet<string>): readonly StateTensor[] =>
  model.layers.flatMap((layer) => layer.weights.map((weight) => weightState(layer, weight, updated.has(weight.name))));

/** A slot of the same shape as its weight. */
export const slotState = (of: StateTensor, slot: string, initial: number): StateTensor => ({
  ...of,
  name: `${of.name}/${slot}`,
  weight: null,
  permutation: null,
  updated: true,
  initial,
});
