// How a Keras weight lies inside the graph: as its operator wants it. What is not named here lies as in Keras.
import type { Layer, LayersModel, Weight } from '../layers/layers.ts';
import type { StateTensor } from './state-tensor.ts';

interface Placement {
  /** Axes of `from` in the graph's order; null: unchanged. */
  readonly permutation: readonly number[] | null;
  /** The weight's shape, or a finer view of it, before the permutation. */
  readonly from: readonly number[];
  readonly shape: readonly number[];
}

/** Height, width, in, out to out, in, height, width. */
const kernel = ({ shape }: Weight): Placement => {
  const [h, w, i, o] = shape as readonly [number, number, number, number];
  return { permutation: [3, 2, 0, 1], from: shape, shape: [o, i, h, w] };
};

/** Height, width, channels, multiplier to channels x multiplier, 1, height, width: output channel c x multiplier + m. */
const depthwise = ({ shape }: Weight): Placement => {
  const [h, w, c, m] = shape as readonly [number, number, number, number];
  return { permutation: [2, 3, 0, 1], from: shape, shape: [c * m, 1, h, w] };
};

/** Rows of the kernel as height x width x in: what a matrix product over gathered windows takes. */
const gathered = ({ shape }: Weight): Placement => {
  const [h, w, i, o] = shape as readonly [number, number, number, number];
  return { permutation: null, from: shape, shape: [h * w * i, o] };
};

/** A dense kernel behind `flatten`: rows in the order channels, height, width instead of Keras' height, width, channels. */
const flattened = ({ shape }: Weight, [h, w, c]: readonly number[]): Placement => ({
  permutation: [2, 0, 1, 3],
  from: [h!, w!, c!, shape[1]!],
  shape,
});

/** Output maps of at most this many pixels: there the kernel is larger than the map, and turning it costs more than the product. */
const GATHERED_PIXELS = 16;

/** A trained convolution that is computed as one matrix product over gathered windows, forward and backward. */
export const isGathered = (layer: Layer, trained: boolean): boolean =>
  trained &&
  layer.class_name === 'Conv2D' &&
  layer.groups === 1 &&
  Math.max(...layer.kernel_size) > 1 &&
  layer.output_shape[0]! * layer.output_shape[1]! <= GATHERED_PIXELS;

/** Flatten layers that only dense layers read: their order is the graph's own, and the dense kernels are put in that order. */
export const channelsFirstFlattens = ({ layers }: LayersModel): ReadonlyMap<string, readonly number[]> => {
  const shapes = new Map(layers.map(({ name, output_shape }) => [name, output_shape]));
  return new Map(
    layers.flatMap((layer) => {
      const map = shapes.get(layer.inputs[0] ?? '') ?? [];
      const readers = layers.filter(({ inputs }) => inputs.includes(layer.name));
      const direct = readers.length > 0 && readers.every((reader) => reader.class_name === 'Dense');
      return layer.class_name === 'Flatten' && map.length === 3 && direct ? [[layer.name, map] as const] : [];
    }),
  );
};

/** Kernel of a dense layer over the pixels of a map: that of a 1x1 convolution. */
const pointwise = ({ shape }: Weight): Placement => {
  const [i, o] = shape as readonly [number, number];
  return { permutation: [1, 0], from: shape, shape: [o, i, 1, 1] };
};

const placements: Readonly<Record<string, (weight: Weight) => Placement>> = {
  'Conv2D/kernel': kernel,
  'DepthwiseConv2D/depthwise_kernel': depthwise,
  'SeparableConv2D/depthwise_kernel': depthwise,
  'SeparableConv2D/pointwise_kernel': kernel,
};

const variableOf = (weight: Weight): string => weight.name.slice(weight.name.lastIndexOf('/') + 1);

/** All weights of the model as state. */
export const weightStates = (model: LayersModel, updated: ReadonlySet<string>): readonly StateTensor[] => {
  const flattens = channelsFirstFlattens(model);
  const placed = (layer: Layer, weight: Weight): Placement => {
    const place = `${layer.class_name}/${variableOf(weight)}`;
    const map = flattens.get(layer.inputs[0] ?? '');
    if (place === 'Dense/kernel' && map) return flattened(weight, map);
    if (place === 'Dense/kernel' && layer.class_name === 'Dense' && layer.each_pixel) return pointwise(weight);
    if (place === 'Conv2D/kernel' && isGathered(layer, updated.has(weight.name))) return gathered(weight);
    return placements[place]?.(weight) ?? { permutation: null, from: weight.shape, shape: weight.shape };
  };
  return model.layers.flatMap((layer) =>
    layer.weights.map((weight): StateTensor => {
      const { permutation, from, shape } = placed(layer, weight);
      const common = { name: weight.name, weight: weight.name, updated: updated.has(weight.name), initial: 0 };
      return { ...common, shape, permutation, keras_shape: from };
    }),
  );
};

/** A slot of the same shape as its weight. */
export const slotState = (of: StateTensor, slot: string, initial: number): StateTensor => ({
  ...of,
  name: `${of.name}/${slot}`,
  weight: null,
  permutation: null,
  updated: true,
  initial,
});
