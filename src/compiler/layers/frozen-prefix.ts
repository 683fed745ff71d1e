// Verb: model + freeze policy → the layers whose outputs are a constant function of the image, and what crosses to the others.
import { type BatchNormMode, movingStatistics, trainableWeights } from './freeze.ts';
import type { Layer, LayerClass, LayerShape, LayersModel } from './layers.ts';
import { count } from './tensors.ts';

export interface FrozenPrefix {
  /** In the order of the model; the input layer is left out. */
  readonly layers: readonly Layer[];
  /** Outputs of the prefix that the other layers read. */
  readonly features: readonly { readonly layer: string; readonly shape: LayerShape }[];
  /** Values of all features of one image. */
  readonly values: number;
}

/** Layers that make it worth while to keep what comes out. */
const HEAVY: ReadonlySet<LayerClass> = new Set(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense']);

/** The largest such prefix; null where nothing heavy lies in it. Dropout draws anew each time, so it never belongs to it. */
export function frozenPrefix(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batchNorm: BatchNormMode,
): FrozenPrefix | null {
  const moved = new Set(
    [...trainableWeights(model, frozen, batchNorm), ...movingStatistics(model, frozen, batchNorm)].map(
      ({ name }) => name,
    ),
  );
  const below = new Map<string, Layer>();
  for (const layer of model.layers) {
    const random = layer.class_name === 'Dropout' && layer.rate > 0;
    const still = layer.weights.every(({ name }) => !moved.has(name));
    if (!random && still && layer.inputs.every((name) => below.has(name))) below.set(layer.name, layer);
  }
  // Padding at the end would only make the features larger: the convolution behind it pads for itself.
  for (const layer of [...below.values()].reverse()) {
    const inside = [...below.values()].some(({ inputs }) => inputs.includes(layer.name));
    if (layer.class_name === 'ZeroPadding2D' && !inside) below.delete(layer.name);
  }
  const read = new Set(model.layers.filter(({ name }) => !below.has(name)).flatMap(({ inputs }) => inputs));
  const layers = [...below.values()].filter(({ class_name }) => class_name !== 'InputLayer');
  const features = layers
    .filter(({ name }) => read.has(name))
    .map(({ name, output_shape }) => ({ layer: name, shape: output_shape }));
  if (!layers.some(({ class_name }) => HEAVY.has(class_name)) || features.length === 0) return null;
  return { layers, features, values: features.reduce((sum, { shape }) => sum + count(shape), 0) };
}
