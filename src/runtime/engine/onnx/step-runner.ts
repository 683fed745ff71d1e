// Runs a compiled stage on onnxruntime in this thread. Its steps block the thread, so the engine keeps this in a worker.
import type { CompiledStage } from '../../../compiler/compiled-run.ts';
import type { EngineSession, Weights } from '../engine.ts';
import { batchTensors } from './batch-tensors.ts';
import { type GraphName, openGraphs, resultOf } from './graphs.ts';
import { createState } from './state.ts';
import { stepInGraph, type TrainStep } from './step-in-graph.ts';
import { type StepInPlace, stepInPlace } from './step-in-place.ts';
import { dataOf } from './tensors.ts';

export interface RunnerRequest {
  readonly stage: CompiledStage;
  /** Height, width, channels of an image. */
  readonly image: readonly [number, number, number];
  readonly weights: Weights;
  readonly device: string;
  /** Threads of one operator; 0: as many as the work of the graph is worth. */
  readonly threads: number;
}

/**
 * Multiply-adds of a step. Up to here, about 5 ms of one core, threads wait for each other longer than they compute, and take the core of those
 * who prepare the batches; ARCHITECTURE.md has what was seen.
 */
const LIGHT = 150e6;

/** Threads of one operator of a graph; 0: as many as there are cores. The prefix is never light. */
const worthwhile = (which: GraphName, { stepWork }: CompiledStage): number =>
  which !== 'prefix' && stepWork <= LIGHT ? 1 : 0;

/** What a session does, without what is known of it beforehand. */
export type StepRunner = Omit<EngineSession, 'device' | 'features'>;

/** On the CPU weights are updated in place; elsewhere the update is part of the graph. No graph is loaded before it is run. */
export const createStepRunner = async (request: RunnerRequest): Promise<StepRunner> => {
  const { stage, image, weights, device, threads } = request;
  const { program, trained } = stage;
  if (program === null) throw new Error('this engine runs ONNX programs, and the stage has none');
  const state = createState(program, weights, trained.trainable, device === 'cpu');
  const graphs = openGraphs(program, state, device, (which) => threads || worthwhile(which, stage));
  const batches = batchTensors(stage, image, graphs);
  const steps = program.gradients && stepInPlace(graphs, state, program.gradients, trained.moving);
  const inPlace = (): StepInPlace => {
    if (steps === null) throw new Error('this stage trains nothing');
    return steps;
  };
  const trainInPlace: TrainStep = async (inputs, learningRate, iteration) => {
    const { compute, advance } = inPlace();
    const result = await compute(inputs);
    advance(learningRate, iteration);
    return result;
  };
  const trainStep = device === 'cpu' ? trainInPlace : stepInGraph(graphs, state);
  return {
    embed: (batch) => batches.embed(batch),
    train: async (batch, learningRate, iteration) => trainStep(await batches.of(batch), learningRate, iteration),
    evaluate: async (batch) => resultOf(await graphs.run('evaluate', await batches.of(batch))),
    predict: async (batch) => {
      const outputs = await graphs.run('predict', await batches.of(batch));
      return dataOf(outputs.probabilities).slice();
    },
    gradients: async (batch) => {
      const { compute, read } = inPlace();
      return read(await compute(await batches.of(batch)));
    },
    apply: async (gradients, learningRate, iteration) => {
      const { write, advance } = inPlace();
      write(gradients);
      advance(learningRate, iteration);
    },
    weights: async () => state.weights(),
    setWeights: async (next) => {
      const changed = state.setWeights(next);
      // the prefix holds its weights as constants
      if (changed.some((name) => program.prefix?.weights.includes(name))) await graphs.drop('prefix');
    },
    keep: async (name, kept) => state.keep(name, kept),
    restore: async (name) => state.restore(name),
    kept: async (name) => state.kept(name),
    release: async (name) => state.release(name),
    average: async (name, momentum) => state.average(name, momentum),
    slots: async () => state.slots(),
    setSlots: async (slots) => state.setSlots(slots),
    close: () => graphs.close(),
  };
};
