// Verb: model + seed → fresh weights by Keras' initialiser formulas, each weight from its own stream.
import type { LayersModel, Weight } from '../compiler/layers/layers.ts';
import { normal, type Random, stream, truncatedNormal } from './random.ts';

/** stddev of a standard normal cut to ±2; Keras divides by it (docs/facts/keras.md, "Layers, initializers, activations"). */
const truncatedStddev = 0.8796256610342398;

/**
 * Weights by name in Keras' layout. A weight's values depend on the seed, its name and its shape only: adding a layer
 * elsewhere does not change them.
 * @param known weights that come from elsewhere, taken as they are: nothing is drawn for them
 */
export function initialWeights(
  model: LayersModel,
  seed: number,
  known: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  const weights = model.layers.flatMap((layer) => layer.weights);
  return new Map(weights.map((weight) => [weight.name, known.get(weight.name) ?? initialWeight(weight, seed)]));
}

/** Fresh values of one weight. */
export function initialWeight(weight: Weight, seed: number): Float32Array {
  const size = weight.shape.reduce((product, length) => product * length, 1);
  const draw = drawer(weight, stream(seed, 'init', weight.name));
  const values = new Float32Array(size);
  for (let i = 0; i < size; i += 1) values[i] = draw();
  return values;
}

/** A draw of the weight's distribution. Fans and formulas: docs/facts/keras.md, "Layers, initializers, activations". */
function drawer({ initializer, shape }: Weight, random: Random): () => number {
  const { fanIn, fanOut } = fans(shape);
  const average = (fanIn + fanOut) / 2;
  switch (initializer.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initializer.value;
    case 'random_uniform':
      return uniform(random, initializer.limit);
    case 'random_normal':
      return () => initializer.stddev * normal(random);
    case 'truncated_normal':
      return () => initializer.stddev * truncatedNormal(random);
    case 'glorot_uniform':
      return uniform(random, Math.sqrt(3 / average));
    case 'he_uniform':
      return uniform(random, Math.sqrt(6 / fanIn));
    case 'lecun_uniform':
      return uniform(random, Math.sqrt(3 / fanIn));
    case 'glorot_normal':
      return scaledNormal(random, 1 / average);
    case 'he_normal':
      return scaledNormal(random, 2 / fanIn);
    case 'lecun_normal':
      return scaledNormal(random, 1 / fanIn);
  }
}

function uniform(random: Random, limit: number): () => number {
  return () => (2 * random() - 1) * limit;
}

/** Truncated normal whose variance after the cut is `variance`. */
function scaledNormal(random: Random, variance: number): () => number {
  const stddev = Math.sqrt(variance) / truncatedStddev;
  return () => stddev * truncatedNormal(random);
}

/** Last two axes are in and out, those before are the window; one axis counts as both. At least 1. */
export function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  const inputs = shape.at(-2) ?? shape.at(-1) ?? 1;
  const outputs = shape.at(-1) ?? 1;
  const window = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { fanIn: Math.max(1, inputs * window), fanOut: Math.max(1, outputs * window) };
}
