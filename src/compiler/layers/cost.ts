// Verb: model → parameters, multiply-adds and memory of a training step, computed from shapes alone.
import type { BatchNormMode } from './freeze.ts';
import { movingStatistics, trainableWeights } from './freeze.ts';
import type { Layer, LayerClass, LayerOperation, LayerShape, LayersModel, OperationOf, Weight } from './layers.ts';
import { count } from './shapes.ts';

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
  const rule = flopRules[layer.class_name] as FlopRule<LayerClass>;
  return rule(layer, shapes.get(layer.inputs[0] ?? '') ?? [], layer.output_shape);
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

type FlopRule<C extends LayerClass> = (op: OperationOf<C>, input: LayerShape, output: LayerShape) => number;

const free = () => 0;

const flopRules: { readonly [C in LayerClass]: FlopRule<C> } = {
  InputLayer: free,
  Conv2D: (op, input, output) => (count(output) * count(op.kernel_size) * channels(input)) / op.groups,
  DepthwiseConv2D: (op, _, output) => count(output) * count(op.kernel_size),
  SeparableConv2D: (op, input, output) => {
    const wide = channels(input) * op.depth_multiplier;
    return (count(output) / op.filters) * wide * (count(op.kernel_size) + op.filters);
  },
  Dense: (op, input) => channels(input) * op.units,
  BatchNormalization: free,
  LayerNormalization: free,
  MaxPooling2D: free,
  AveragePooling2D: free,
  GlobalAveragePooling2D: free,
  GlobalMaxPooling2D: free,
  Flatten: free,
  Dropout: free,
  Activation: free,
  ReLU: free,
  ZeroPadding2D: free,
  Reshape: free,
  Rescaling: free,
  Add: free,
  Multiply: free,
  Concatenate: free,
};

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
 * kept for reuse) come on top. Below the freeze frontier nothing is kept. Above it, a tensor is kept once when a rule
 * of `keepRules` needs it: the input of a layer whose kernel trains, the output of an activation, the input of batch
 * norm in training form, the mask of dropout, input and output of max pooling. `optimizerSlots`: values a trainable
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
    if (keep.mask) masks += valuesOf(layer.name);
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

/** What a layer's backward pass reads. `trains`: its own weights or statistics change. */
interface Keep {
  readonly inputs?: boolean;
  readonly output?: boolean;
  /** A dropout mask of the output's size. */
  readonly mask?: boolean;
}

type KeepRule<C extends LayerClass> = (op: OperationOf<C>, trains: boolean) => Keep;

function keepsOf(layer: LayerOperation, trains: boolean): Keep {
  return (keepRules[layer.class_name] as KeepRule<LayerClass>)(layer, trains);
}

const nothing = (): Keep => ({});
const kernelAndActivation = (op: { readonly activation: string }, trains: boolean): Keep => ({
  inputs: trains,
  output: op.activation !== 'linear',
});

const keepRules: { readonly [C in LayerClass]: KeepRule<C> } = {
  InputLayer: nothing,
  Conv2D: kernelAndActivation,
  DepthwiseConv2D: kernelAndActivation,
  SeparableConv2D: kernelAndActivation,
  Dense: kernelAndActivation,
  BatchNormalization: (_, trains) => ({ inputs: trains }),
  LayerNormalization: () => ({ inputs: true }),
  MaxPooling2D: () => ({ inputs: true, output: true }),
  AveragePooling2D: nothing,
  GlobalAveragePooling2D: nothing,
  GlobalMaxPooling2D: () => ({ inputs: true, output: true }),
  Flatten: nothing,
  Dropout: (op) => ({ mask: op.rate > 0 }),
  Activation: (op) => ({ output: op.activation !== 'linear' }),
  ReLU: () => ({ output: true }),
  ZeroPadding2D: nothing,
  Reshape: nothing,
  Rescaling: nothing,
  Add: nothing,
  Multiply: () => ({ inputs: true }),
  Concatenate: nothing,
};

function channels(shape: LayerShape): number {
  return shape[shape.length - 1] ?? 1;
}

function shapesOf(model: LayersModel): ReadonlyMap<string, LayerShape> {
  return new Map(model.layers.map((layer) => [layer.name, layer.output_shape]));
}
