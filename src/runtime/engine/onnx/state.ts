// Noun: what lives between the steps of a stage: weights, optimizer slots, and weights kept under a name.
import type * as ort from 'onnxruntime-node';
import type { StateTensor, StepProgram } from '../../../compiler/onnx/step-program.ts';
import type { Weights } from '../engine.ts';
import type { Arena } from './arena.ts';
import { type Held, holdAll, kerasOf, nowOf, valuesOf, weightFor } from './held.ts';
import { createKeptWeights } from './kept-weights.ts';
import { toGraph } from './layout.ts';
import { dataOf, sizeOf, tensorOf } from './tensors.ts';

export interface State {
  /** Where an update in place finds its arrays, if they are in an arena. */
  readonly arena: Arena | null;
  readonly tensor: (name: string) => StateTensor;
  /** The value now, to be fed; undefined for a name that is not of the state. */
  now(name: string): ort.Tensor | undefined;
  /** The same as an array, in the graph's layout; nothing is kept for it. */
  values(name: string): Float32Array;
  /** The buffer that a step writes for this tensor. Given to onnxruntime, so that no step allocates memory for it. */
  buffer(name: string): ort.Tensor;
  /** What was written is the value from now on. */
  swap(name: string): void;
  /** Copies of all weights in Keras' layout. */
  weights(): Weights;
  /** Names of the weights that came out with other values. */
  setWeights(weights: Weights): readonly string[];
  keep(name: string, weights?: Weights): void;
  restore(name: string): void;
  kept(name: string): Weights | null;
  release(name: string): void;
  average(name: string, momentum: number): void;
  slots(): Weights;
  setSlots(slots: Weights): void;
}

const same = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [a, b].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return x!.equals(y!);
};

/** Puts another value in the place of a weight's; false where it is the same. */
const replace = (each: Held, from: Weights): boolean => {
  const { tensor, now, given } = each;
  const weight = weightFor(tensor, from);
  const next = now === null ? weight : toGraph(tensor, weight);
  if (same(now === null ? given! : dataOf(now), next)) return false;
  if (now === null) each.given = next.slice();
  else dataOf(now).set(next);
  return true;
};

/** The state of a stage at its beginning. `trainable`: the weights that the optimizer trains. */
export const createState = (
  program: StepProgram,
  weights: Weights,
  trainable: ReadonlySet<string>,
  inPlace: boolean,
): State => {
  const { held, arena } = holdAll(program, weights, inPlace);
  const all = [...held.values()];
  const ofWeights = all.filter(({ tensor }) => tensor.weight !== null);
  const ofSlots = all.filter(({ tensor }) => tensor.weight === null);
  const changed = ofWeights.filter(({ tensor }) => tensor.updated);
  const get = (name: string): Held => {
    const each = held.get(name);
    if (!each) throw new Error(`the stage has no state '${name}'`);
    return each;
  };
  const buffer = (name: string): ort.Tensor => {
    const each = get(name);
    each.written ??= tensorOf(new Float32Array(sizeOf(each.tensor.shape)), each.tensor.shape);
    return each.written;
  };
  const { keep, restore, kept, release, average } = createKeptWeights(
    changed,
    changed.filter(({ tensor }) => trainable.has(tensor.name)),
  );
  return {
    arena,
    tensor: (name) => get(name).tensor,
    now: (name) => {
      const each = held.get(name);
      return each && nowOf(each);
    },
    values: (name) => valuesOf(get(name)),
    buffer,
    swap(name) {
      const each = get(name);
      [each.now, each.written] = [buffer(name), each.now];
    },
    weights: () => new Map(ofWeights.map((each) => [each.tensor.name, kerasOf(each)])),
    setWeights: (from) =>
      ofWeights.flatMap((each) => (from.has(each.tensor.name) && replace(each, from) ? [each.tensor.name] : [])),
    keep,
    restore,
    kept,
    release,
    average,
    slots: () => new Map(ofSlots.map((each) => [each.tensor.name, valuesOf(each).slice()])),
    setSlots(slots) {
      for (const each of ofSlots) {
        const data = slots.get(each.tensor.name);
        if (data) valuesOf(each).set(data);
      }
    },
  };
};
