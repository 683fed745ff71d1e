// Verb: a layer of the model and a layer of a file → which tensor is which weight, and what does not fit.
import type { Layer, Weight } from '../../compiler/layers/layers.ts';
import { countOf, type LayerGroup, type TensorEntry } from './weight-file.ts';

/** A weight that the file does not have as the model wants it, or a tensor that the model has no weight for. */
export interface Mismatch {
  /** Name of the weight; for a tensor too many, its path in the file. */
  readonly weight: string;
  /** Null: the model has no such weight. */
  readonly expected: readonly number[] | null;
  /** Null: the file has no such tensor. */
  readonly found: readonly number[] | null;
}

export interface Alignment {
  readonly pairs: readonly (readonly [weight: string, tensor: TensorEntry])[];
  readonly mismatches: readonly Mismatch[];
}

/** Other names of a variable: Keras 3 calls a depthwise kernel `kernel`; PyTorch's batch norm, Keras 1. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  depthwise_kernel: ['kernel'],
  moving_mean: ['running_mean'],
  moving_variance: ['running_var', 'running_std'],
};

const variableOf = ({ name }: Weight): string => name.slice(name.lastIndexOf('/') + 1);

/** By the variables' names where the file has them all, otherwise in order, as Keras does within a layer. */
const inOrder = (weights: readonly Weight[], tensors: readonly TensorEntry[]): readonly (TensorEntry | undefined)[] => {
  const named = weights.map((weight) => {
    const variable = variableOf(weight);
    const names = [variable, ...(otherNames[variable] ?? [])];
    return tensors.find((tensor) => names.includes(tensor.variable));
  });
  return named.every((tensor) => tensor !== undefined) && new Set(named).size === named.length ? named : tensors;
};

const fits = (expected: readonly number[], found: readonly number[], shaped: boolean): boolean =>
  shaped
    ? expected.length === found.length && expected.every((size, axis) => size === found[axis])
    : countOf(expected) === countOf(found);

/** `group` undefined: the file has no such layer. `shaped`: whether the file keeps shapes (see Catalogue). */
export const align = ({ weights }: Layer, group: LayerGroup | undefined, shaped: boolean): Alignment => {
  const tensors = group ? inOrder(weights, group.tensors) : [];
  const pairs: (readonly [string, TensorEntry])[] = [];
  const mismatches: Mismatch[] = [];
  for (const [index, { name, shape }] of weights.entries()) {
    const tensor = tensors[index];
    if (tensor && fits(shape, tensor.shape, shaped)) pairs.push([name, tensor]);
    else mismatches.push({ weight: name, expected: shape, found: tensor?.shape ?? null });
  }
  const used = new Set(tensors.slice(0, weights.length));
  for (const tensor of group?.tensors ?? []) {
    if (!used.has(tensor)) mismatches.push({ weight: tensor.path, expected: null, found: tensor.shape });
  }
  return { pairs, mismatches };
};
