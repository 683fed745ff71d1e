// Noun: what lives between the steps of a stage, in the graph's layout: weights, optimizer slots, and weights kept under a name.
import type * as ort from 'onnxruntime-node';
import type { StateTensor, StepProgram } from '../../../compiler/onnx/step-program.ts';
import type { Weights } from '../engine.ts';
import { type Arena, createArena } from './arena.ts';
import { toGraph, toKeras } from './layout.ts';
import { dataOf, sizeOf, type Tensors, tensorOf } from './tensors.ts';
import { hasKernel } from './update-in-place.ts';

/** A state tensor and a buffer that a step writes: its next value, with which it then swaps, or its gradient. Made when needed. */
interface Held {
  readonly tensor: StateTensor;
  now: ort.Tensor;
  written: ort.Tensor | null;
}

export interface State {
  /** Where an update in place finds its arrays, if they are in an arena. */
  readonly arena: Arena | null;
  readonly tensor: (name: string) => StateTensor;
  /** Values now, to be fed. */
  now(): Tensors;
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

/** An arena for what an update in place touches: weights, gradients and slots, by the names of their tensors. */
const arenaFor = (program: StepProgram) => {
  const { gradients } = program;
  if (gradients === null || !hasKernel(gradients.optimizer)) return null;
  const changed = gradients.weights.map(({ name }) => name);
  const touched = new Set(gradients.weights.flatMap(({ name, slots }) => [name, ...Object.values(slots)]));
  const sizes = new Map(program.state.map(({ name, shape }) => [name, sizeOf(shape)]));
  const arena = createArena([...touched, ...changed].map((name) => sizes.get(name) ?? 0));
  return arena === null ? null : { arena, touched, changed: new Set(changed) };
};

const weightFor = (tensor: StateTensor, from: Weights): Float32Array => {
  const weight = from.get(tensor.weight ?? '');
  if (!weight) throw new Error(`no value for the weight '${tensor.weight}'`);
  return toGraph(tensor, weight);
};

/** State tensors with their first values. `inPlace`: they will be updated in place, where an arena makes that faster. */
const holdAll = (program: StepProgram, weights: Weights, inPlace: boolean) => {
  const home = inPlace ? arenaFor(program) : null;
  const held = new Map<string, Held>();
  for (const tensor of program.state) {
    const { name, shape } = tensor;
    const make = (inArena: boolean | undefined): Float32Array =>
      home && inArena ? home.arena.array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
    const data = make(home?.touched.has(name));
    if (tensor.weight === null) data.fill(tensor.initial);
    else data.set(weightFor(tensor, weights));
    const written = home?.changed.has(name) ? tensorOf(make(true), shape) : null;
    held.set(name, { tensor, now: tensorOf(data, shape), written });
  }
  return { held, arena: home?.arena ?? null };
};

const same = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [a, b].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return x!.equals(y!);
};

/** Sets of weights under names; `changed` are the tensors that a set is of, `averaged` those that an average is of. */
const createShelf = (changed: readonly Held[], averaged: readonly Held[]) => {
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
      for (const { tensor, now } of changed) {
        if (!weights) put(set, tensor.name, dataOf(now));
        else if (weights.has(tensor.name)) set.set(tensor.name, weightFor(tensor, weights));
      }
    },
    restore(name: string): void {
      const set = sets.get(name);
      if (!set) throw new Error(`no weights are kept as '${name}'`);
      for (const { tensor, now } of changed) {
        const values = set.get(tensor.name);
        if (values) dataOf(now).set(values);
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
      for (const { tensor, now } of averaged) {
        const [weight, before] = [dataOf(now), set.get(tensor.name)];
        if (!before) put(set, tensor.name, weight);
        else for (let i = 0; i < before.length; i += 1) before[i] = momentum * before[i]! + (1 - momentum) * weight[i]!;
      }
    },
  };
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
    each.written ??= tensorOf(new Float32Array(dataOf(each.now).length), each.tensor.shape);
    return each.written;
  };
  const { keep, restore, kept, release, average } = createShelf(
    changed,
    changed.filter(({ tensor }) => trainable.has(tensor.name)),
  );
  return {
    arena,
    tensor: (name) => get(name).tensor,
    now: () => Object.fromEntries(all.map(({ tensor, now }) => [tensor.name, now])),
    values: (name) => dataOf(get(name).now),
    buffer,
    swap(name) {
      const each = get(name);
      [each.now, each.written] = [buffer(name), each.now];
    },
    weights: () => new Map(ofWeights.map(({ tensor, now }) => [tensor.name, toKeras(tensor, dataOf(now))])),
    setWeights: (from) =>
      ofWeights.flatMap(({ tensor, now }) => {
        if (!from.has(tensor.name)) return [];
        const [old, next] = [dataOf(now), weightFor(tensor, from)];
        if (same(old, next)) return [];
        old.set(next);
        return [tensor.name];
      }),
    keep,
    restore,
    kept,
    release,
    average,
    slots: () => new Map(ofSlots.map(({ tensor, now }) => [tensor.name, dataOf(now).slice()])),
    setSlots(slots) {
      for (const { tensor, now } of ofSlots) {
        const data = slots.get(tensor.name);
        if (data) dataOf(now).set(data);
      }
    },
  };
};
