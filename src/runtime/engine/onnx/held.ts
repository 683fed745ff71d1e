// Noun: one tensor of a stage's state as the engine holds it, and all of them at the beginning.
import type * as ort from 'onnxruntime-node';
import type { StateTensor, StepProgram } from '../../../compiler/onnx/step-program.ts';
import type { Weights } from '../engine.ts';
import { createArena } from './arena.ts';
import { toGraph, toKeras } from './layout.ts';
import { dataOf, sizeOf, tensorOf } from './tensors.ts';
import { hasKernel } from './update-in-place.ts';

export interface Held {
  readonly tensor: StateTensor;
  /** Its value; a frozen weight has none until a graph takes it. */
  now: ort.Tensor | null;
  /** A frozen weight as it was given, in Keras' layout: most of them only the prefix takes, which binds them and is done. */
  given: Float32Array | null;
  /** A buffer that a step writes: the next value, with which `now` then swaps, or the gradient. Made when needed. */
  written: ort.Tensor | null;
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

/** A weight's values in Keras' layout. Throws where they are missing or of another number. */
export const weightFor = ({ name, shape }: StateTensor, from: Weights): Float32Array => {
  const weight = from.get(name);
  if (!weight) throw new Error(`no value for the weight '${name}'`);
  if (weight.length !== sizeOf(shape)) throw new Error(`the weight '${name}' has ${weight.length} values`);
  return weight;
};

/** The value in the graph's layout, from now on kept so. */
export const nowOf = (each: Held): ort.Tensor => {
  each.now ??= tensorOf(toGraph(each.tensor, each.given!), each.tensor.shape);
  each.given = null;
  return each.now;
};

/** The values in the graph's layout; for a frozen weight that no graph has taken a copy. */
export const valuesOf = ({ tensor, now, given }: Held): Float32Array =>
  now === null ? toGraph(tensor, given!) : dataOf(now);

/** A copy in Keras' layout. */
export const kerasOf = ({ tensor, now, given }: Held): Float32Array =>
  now === null ? given!.slice() : toKeras(tensor, dataOf(now));

/** State tensors with their first values. `inPlace`: they will be updated in place, where an arena makes that faster. */
export const holdAll = (program: StepProgram, weights: Weights, inPlace: boolean) => {
  const home = inPlace ? arenaFor(program) : null;
  const held = new Map<string, Held>();
  for (const tensor of program.state) {
    const { name, shape } = tensor;
    if (tensor.weight !== null && !tensor.updated) {
      held.set(name, { tensor, now: null, given: weightFor(tensor, weights), written: null });
      continue;
    }
    const make = (inArena: boolean | undefined): Float32Array =>
      home && inArena ? home.arena.array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
    const data = make(home?.touched.has(name));
    if (tensor.weight === null) data.fill(tensor.initial);
    else data.set(toGraph(tensor, weightFor(tensor, weights)));
    const written = home?.changed.has(name) ? tensorOf(make(true), shape) : null;
    held.set(name, { tensor, now: tensorOf(data, shape), given: null, written });
  }
  return { held, arena: home?.arena ?? null };
};
