// Verb: model + what moves → the layers whose outputs are a constant function of the image, and where it is best to cut them off.
import { layerCosts } from './cost.ts';
import { drawsMask } from './freeze.ts';
import type { Layer, LayerClass, LayerShape, LayersModel } from './layers.ts';
import { count } from './tensors.ts';
import type { Trained } from './trained.ts';

export interface FrozenPrefix {
  /** In the order of the model; the input layer is left out. */
  readonly layers: readonly Layer[];
  /** Outputs of these layers that the other layers read. */
  readonly features: readonly { readonly layer: string; readonly shape: LayerShape }[];
  /** Values of all features of one image. */
  readonly values: number;
  /** Multiply-adds of one image below the cut. */
  readonly multiply_adds: number;
  /** Whether it costs less to keep and read the features than to compute them. */
  readonly cacheable: boolean;
}

/** Layers that make it worth while to compute what comes out once a batch, not inside of the step. */
const HEAVY: ReadonlySet<LayerClass> = new Set(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense']);

/** What a stage does with the layers, as far as it decides what is constant: `frozen` are names of layers. */
export interface Stillness {
  readonly frozen: ReadonlySet<string>;
  readonly trained: Trained;
}

/** The largest prefix: the layers that images and frozen weights alone decide, without dropout that draws anew each time. */
const constantLayers = (model: LayersModel, { frozen, trained }: Stillness): readonly Layer[] => {
  const below = new Map<string, Layer>();
  for (const layer of model.layers) {
    const still = layer.weights.every(({ name }) => !trained.trainable.has(name) && !trained.moving.has(name));
    if (!drawsMask(layer, frozen) && still && layer.inputs.every((name) => below.has(name)))
      below.set(layer.name, layer);
  }
  // Padding at the end would only make the features larger: the convolution behind it pads for itself.
  const inside = new Set<string>();
  for (const layer of [...below.values()].reverse()) {
    if (layer.class_name === 'ZeroPadding2D' && !inside.has(layer.name)) below.delete(layer.name);
    else for (const name of layer.inputs) inside.add(name);
  }
  return [...below.values()];
};

/** A place to cut: the first `length` of the constant layers are below. */
interface Cut {
  readonly length: number;
  /** How many of them have outputs that cross. */
  readonly crossing: number;
  /** Nanoseconds an image, see `costOf`. */
  readonly cost: number;
}

/** Nanoseconds to read a byte of features, to check it and to bring it to the engine (about 1 GB/s). */
const READ_BYTE = 1;
/** Nanoseconds of a multiply-add (about 50 GFLOP/s), and of one value of any other layer. */
const MULTIPLY_ADD = 1 / 25;
const OTHER_VALUE = 1;
/** Of cuts that cost about the least, the earliest is taken: more heads share its features. */
const ABOUT = 1.05;

/** Of each layer the last of the constant layers that reads it; infinity where another layer does. */
const lastReaders = (model: LayersModel, constant: readonly Layer[]): ReadonlyMap<string, number> => {
  const last = new Map<string, number>();
  const order = new Map(constant.map(({ name }, i) => [name, i]));
  for (const { name, inputs } of model.layers) {
    const reader = order.get(name) ?? Number.POSITIVE_INFINITY;
    for (const input of inputs) last.set(input, Math.max(last.get(input) ?? 0, reader));
  }
  return last;
};

/** Places to cut after a layer, but those where images themselves would cross. */
const cutsOf = (
  constant: readonly Layer[],
  readers: ReadonlyMap<string, number>,
  computing: (layer: Layer) => number,
): readonly Cut[] => {
  const ending = new Map<number, Layer[]>();
  let above = constant.reduce((sum, layer) => sum + computing(layer), 0);
  const live = new Set<Layer>();
  let bytes = 0;
  let images = 0;
  const pass = (layer: Layer, sign: 1 | -1): void => {
    if (sign > 0) live.add(layer);
    else live.delete(layer);
    bytes += sign * count(layer.output_shape) * 4;
    if (layer.class_name === 'InputLayer') images += sign;
  };
  return constant.flatMap((layer, i): readonly Cut[] => {
    above -= computing(layer);
    for (const ended of ending.get(i) ?? []) pass(ended, -1);
    const reader = readers.get(layer.name) ?? 0;
    if (reader > i) {
      pass(layer, 1);
      const others = ending.get(reader);
      if (others === undefined) ending.set(reader, [layer]);
      else others.push(layer);
    }
    return images > 0 ? [] : [{ length: i + 1, crossing: live.size, cost: bytes * READ_BYTE + above }];
  });
};

/**
 * Cuts where reading the features and computing what lies between them and the frontier costs least. Null where nothing heavy is
 * constant. Where computing everything costs less than that, the cut is at the frontier itself, and not cacheable.
 */
export function frozenPrefix(model: LayersModel, stillness: Stillness): FrozenPrefix | null {
  const constant = constantLayers(model, stillness);
  const costs = layerCosts(model);
  const computing = ({ name }: Layer): number => {
    const { multiplyAdds, values } = costs.get(name) ?? { multiplyAdds: 0, values: 0 };
    return multiplyAdds * MULTIPLY_ADD + values * OTHER_VALUE;
  };
  const readers = lastReaders(model, constant);
  const cuts = cutsOf(constant, readers, computing);
  const least = cuts.reduce((cost, cut) => Math.min(cost, cut.cost), Number.POSITIVE_INFINITY);
  const best = cuts.find(({ cost }) => cost <= least * ABOUT);
  const frontier = cuts.at(-1);
  if (best === undefined || frontier === undefined) return null;
  const everything = constant.reduce((sum, layer) => sum + computing(layer), 0);
  const cacheable = best.cost < everything;
  const { length, crossing } = cacheable ? best : frontier;
  const layers = constant.slice(0, length).filter(({ class_name }) => class_name !== 'InputLayer');
  if (!layers.some(({ class_name }) => HEAVY.has(class_name)) || crossing === 0) return null;
  const features = constant
    .slice(0, length)
    .filter(({ name }) => (readers.get(name) ?? 0) >= length)
    .map(({ name, output_shape }) => ({ layer: name, shape: output_shape }));
  return {
    layers,
    features,
    values: features.reduce((sum, { shape }) => sum + count(shape), 0),
    multiply_adds: layers.reduce((sum, { name }) => sum + (costs.get(name)?.multiplyAdds ?? 0), 0),
    cacheable,
  };
}
