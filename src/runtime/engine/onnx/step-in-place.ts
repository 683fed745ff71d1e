// Verbs: one optimizer step in two halves: a graph gives gradients and the next statistics, then weights are updated in place.
import type { StepProgram } from '../../../compiler/onnx/step-program.ts';
import { gradientOf, nextOf, writtenState } from '../../../compiler/training/state-tensor.ts';
import type { Gradients, StepResult, Weights } from '../engine.ts';
import { type Graphs, resultOf } from './graphs.ts';
import { toGraph, toKeras } from './layout.ts';
import type { State } from './state.ts';
import { dataOf, type Tensors } from './tensors.ts';
import { updateInPlace } from './update-in-place.ts';

export interface StepInPlace {
  /** Gradients and next statistics, into the buffers of the state. */
  compute(inputs: Tensors): Promise<StepResult>;
  /** Makes the step that the buffers hold. */
  advance(learningRate: number, iteration: number): void;
  /** Copies of what the buffers hold. */
  read(result: StepResult): Gradients;
  /** Fills the buffers. */
  write(gradients: Gradients): void;
}

/** `moving`: the statistics that a step moves. */
export const stepInPlace = (
  graphs: Graphs,
  state: State,
  gradients: NonNullable<StepProgram['gradients']>,
  moving: ReadonlySet<string>,
): StepInPlace => {
  const { optimizer, weights } = gradients;
  const bufferOf = (name: string): Float32Array => dataOf(state.buffer(name));
  const names = { weights: weights.map(({ name }) => name), statistics: [...moving] };
  const copies = (of: readonly string[]): Weights =>
    new Map(of.map((name) => [name, toKeras(state.tensor(name), bufferOf(name))]));
  const fill = (of: readonly string[], from: Weights, what: (name: string) => string): void => {
    for (const name of of) {
      const values = from.get(name);
      if (!values) throw new Error(`no value for '${what(name)}'`);
      bufferOf(name).set(toGraph(state.tensor(name), values));
    }
  };
  return {
    compute: async (inputs) => {
      const outputs = await graphs.run('gradients', inputs, (name) => {
        const written = writtenState(name);
        return written && state.buffer(written.state);
      });
      return resultOf(outputs);
    },
    advance(learningRate, iteration) {
      for (const name of names.statistics) state.swap(name);
      for (const { name, slots, rate } of weights) {
        const kept = Object.fromEntries(Object.entries(slots).map(([slot, of]) => [slot, state.values(of)]));
        const lr = learningRate * rate;
        updateInPlace(optimizer, state.values(name), bufferOf(name), kept, lr, iteration, state.arena);
      }
    },
    read: (result) => ({ ...result, weights: copies(names.weights), statistics: copies(names.statistics) }),
    write(from) {
      fill(names.weights, from.weights, gradientOf);
      fill(names.statistics, from.statistics, nextOf);
    },
  };
};
