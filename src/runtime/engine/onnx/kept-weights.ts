// Noun: weights that are kept under names, in the graph's layout: copies as they were at a moment, or moving averages.
import type { Weights } from '../engine.ts';
import { type Held, valuesOf, weightFor } from './held.ts';
import { toGraph, toKeras } from './layout.ts';

/** Sets of weights under names; `changed` are the tensors that a set is of, `averaged` those that an average is of. */
export const createKeptWeights = (changed: readonly Held[], averaged: readonly Held[]) => {
  const sets = new Map<string, Map<string, Float32Array>>();
  const setOf = (name: string): Map<string, Float32Array> => {
    const set = sets.get(name) ?? new Map<string, Float32Array>();
    sets.set(name, set);
    return set;
  };
  /** Into the array that the set already has, so that keeping anew takes no new memory. */
  const put = (set: Map<string, Float32Array>, name: string, values: Float32Array): void => {
    const array = set.get(name);
    if (array) array.set(values);
    else set.set(name, values.slice());
  };
  return {
    keep(name: string, weights?: Weights): void {
      if (weights) sets.delete(name);
      const set = setOf(name);
      for (const each of changed) {
        const { name: weight } = each.tensor;
        if (!weights) put(set, weight, valuesOf(each));
        else if (weights.has(weight)) set.set(weight, toGraph(each.tensor, weightFor(each.tensor, weights)));
      }
    },
    restore(name: string): void {
      const set = sets.get(name);
      if (!set) throw new Error(`no weights are kept as '${name}'`);
      for (const each of changed) {
        const values = set.get(each.tensor.name);
        if (values) valuesOf(each).set(values);
      }
    },
    kept(name: string): Weights | null {
      const set = sets.get(name);
      if (!set) return null;
      const known = changed.filter(({ tensor }) => set.has(tensor.name));
      return new Map(known.map(({ tensor }) => [tensor.name, toKeras(tensor, set.get(tensor.name)!)]));
    },
    release: (name: string): void => void sets.delete(name),
    average(name: string, momentum: number): void {
      const set = setOf(name);
      for (const each of averaged) {
        const [weight, before] = [valuesOf(each), set.get(each.tensor.name)];
        if (!before) put(set, each.tensor.name, weight);
        else for (let i = 0; i < before.length; i += 1) before[i] = momentum * before[i]! + (1 - momentum) * weight[i]!;
      }
    },
  };
};
