// Verb: one optimizer step as one graph: it gives the next value of all state, with which the old one swaps its buffer.
import { writtenState } from '../../../compiler/training/state-tensor.ts';
import type { StepResult } from '../engine.ts';
import { type Graphs, resultOf } from './graphs.ts';
import type { State } from './state.ts';
import { scalar, type Tensors } from './tensors.ts';

/** What a device does with the inputs of a train batch. */
export type TrainStep = (inputs: Tensors, learningRate: number, iteration: number) => Promise<StepResult>;

export const stepInGraph =
  (graphs: Graphs, state: State): TrainStep =>
  async (inputs, learningRate, iteration) => {
    const rate = { learning_rate: scalar(learningRate), iteration: scalar(iteration) };
    const outputs = await graphs.run('train', { ...inputs, ...rate }, (name) => {
      const written = writtenState(name);
      return written && state.buffer(written.state);
    });
    for (const name of Object.keys(outputs)) {
      const written = writtenState(name);
      if (written) state.swap(written.state);
    }
    return resultOf(outputs);
  };
