// Verb: model → parameters, multiply-adds and memory of a training step, computed from shapes alone.
import { keepsOf, operationFlops } from './class-of.ts';
import type { BatchNormMode } from './freeze.ts';
import { drawsMask, movingStatistics, trainableWeights } from './freeze.ts';
import type { Layer, LayerClass, LayerShape, LayersModel, Weight } from './layers.ts';
import { count } from './tensors.ts';

/** Numbers of values, as Keras' summary counts them: moving statistics are never trainable. */
export interface ParameterCounts {
  readonly total: number;
  readonly trainable: number;
  readonly non_trainable: number;
}

export function parameterCounts(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batchNorm: BatchNormMode = 'train',
): ParameterCounts {
  const total = sizeOf(model.layers.flatMap((layer) => layer.weights));
  const trainable = sizeOf(trainableWeights(model, frozen, batchNorm));
  return { total, trainable, non_trainable: total - trainable };
}

/** Number of values of these weights. */
export function sizeOf(weights: readonly Weight[]): number {
  return weights.reduce((sum, weight) => sum + count(weight.shape), 0);
}

/**
 * Multiply-adds of one image's forward pass in convolutions and dense layers; what papers call FLOPs of a network.
 * Batch norm, activations, pooling and additions are left out, as papers do.
 */
export function flopsOf(model: LayersModel): number {
  const shapes = shapesOf(model);
  return model.layers.reduce((sum, layer) => sum + layerFlops(layer, shapes), 0);
}

function layerFlops(layer: Layer, shapes: ReadonlyMap<string, LayerShape>): number {
  return operationFlops(layer, shapes.get(layer.inputs[0] ?? '') ?? [], layer.output_shape);
}

/** What one image costs in a layer. */
export interface LayerCost {
  readonly multiplyAdds: number;
  /** Output values of a layer without multiply-adds: it is bound by memory. 0 where only the shape changes. */
  readonly values: number;
}

const reshaping: ReadonlySet<LayerClass> = new Set(['InputLayer', 'Flatten', 'Reshape', 'Dropout']);
const poolings: ReadonlySet<LayerClass> = new Set(['GlobalAveragePooling2D', 'GlobalMaxPooling2D']);

/** Costs of the forward pass by the name of the layer. Pooling over a map of one position only changes the shape. */
export function layerCosts(model: LayersModel): ReadonlyMap<string, LayerCost> {
  const shapes = shapesOf(model);
  return new Map(
    model.layers.map((layer) => {
      const multiplyAdds = layerFlops(layer, shapes);
      const values = count(layer.output_shape);
      const same = poolings.has(layer.class_name) && count(shapes.get(layer.inputs[0] ?? '') ?? []) === values;
      const free = multiplyAdds > 0 || same || reshaping.has(layer.class_name);
      return [layer.name, { multiplyAdds, values: free ? 0 : values }];
    }),
  );
}

/**
 * Multiply-adds of one image in a training step: forward everywhere, the gradient of the weights where a layer trains, the
 * gradient of the input where something before it trains. Each of the three costs what the forward pass does.
 */
export function stepFlopsOf(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batchNorm: BatchNormMode = 'train',
): number {
  const shapes = shapesOf(model);
  const training = new Set(trainableWeights(model, frozen, batchNorm).map(({ name }) => name));
  const reached = new Set<string>();
  let sum = 0;
  for (const layer of model.layers) {
    const trains = layer.weights.some(({ name }) => training.has(name));
    const behind = layer.inputs.some((name) => reached.has(name));
    if (trains || behind) reached.add(layer.name);
    sum += layerFlops(layer, shapes) * (1 + (trains ? 1 : 0) + (behind ? 1 : 0));
  }
  return sum;
}

/** Bytes of one training step, float32. */
export interface StepMemory {
  readonly weights: number;
  /** One value a trainable weight. */
  readonly gradients: number;
  /** Optimizer slots: so many values a trainable weight. */
  readonly slots: number;
  /** Layer outputs kept from the forward for the backward pass, the image batch included. */
  readonly activations: number;
  /** The largest layer's inputs and output, or their gradients, while it is computed. */
  readonly workspace: number;
  readonly total: number;
}

/**
 * An estimate from shapes, close to what a step cannot do without; an engine's own buffers (im2col, threads, memory
 * kept for reuse) come on top. Below the freeze frontier nothing is kept. Above it, a tensor is kept once when
 * its class says so (`keeps`): the input of a layer whose kernel trains, the output of an activation, the input of batch
 * norm in training form, the mask of dropout that draws one, input and output of max pooling. `optimizerSlots`: values a trainable
 * weight (sgd 0, momentum 1, adam 2). A batch of `batch` images.
 */
export function stepMemory(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batch: number,
  optimizerSlots: number,
  batchNorm: BatchNormMode = 'train',
): StepMemory {
  const shapes = shapesOf(model);
  const valuesOf = (name: string) => count(shapes.get(name) ?? []);
  const training = new Set(trainableWeights(model, frozen, batchNorm).map(({ name }) => name));
  const moving = new Set(movingStatistics(model, frozen, batchNorm).map(({ name }) => name));
  const reached = new Set<string>();
  const kept = new Set<string>(model.layers.filter(({ part }) => part === 'input').map(({ name }) => name));
  let masks = 0;
  for (const layer of model.layers) {
    const trains = layer.weights.some(({ name }) => training.has(name) || moving.has(name));
    if (!trains && !layer.inputs.some((name) => reached.has(name))) continue;
    reached.add(layer.name);
    const keep = keepsOf(layer, trains);
    if (keep.inputs) for (const input of layer.inputs) kept.add(input);
    if (keep.output) kept.add(layer.name);
    if (keep.mask && drawsMask(layer, frozen)) masks += valuesOf(layer.name);
  }
  const bytes = 4;
  const trainable = sizeOf(trainableWeights(model, frozen, batchNorm)) * bytes;
  const parts = {
    weights: sizeOf(model.layers.flatMap((layer) => layer.weights)) * bytes,
    gradients: trainable,
    slots: trainable * optimizerSlots,
    activations: bytes * batch * ([...kept].reduce((sum, name) => sum + valuesOf(name), 0) + masks),
    workspace: bytes * batch * Math.max(0, ...model.layers.map((layer) => largest(layer, valuesOf))),
  };
  return { ...parts, total: Object.values(parts).reduce((a, b) => a + b, 0) };
}

function largest(layer: Layer, valuesOf: (name: string) => number): number {
  return layer.inputs.reduce((sum, name) => sum + valuesOf(name), valuesOf(layer.name));
}

function shapesOf(model: LayersModel): ReadonlyMap<string, LayerShape> {
  return new Map(model.layers.map((layer) => [layer.name, layer.output_shape]));
}
