// Noun: the graphs of a stage, each loaded by onnxruntime when it is first run.
import * as ort from 'onnxruntime-node';
import { bindInitializers } from '../../../compiler/onnx/bind.ts';
import type { StepProgram } from '../../../compiler/onnx/step-program.ts';
import type { State } from './state.ts';
import { dataOf, guarded, type Tensors } from './tensors.ts';

export type GraphName = 'prefix' | 'train' | 'gradients' | 'evaluate' | 'predict';

export interface Graphs {
  /**
   * Runs a graph. Throws OnnxError where onnxruntime does not take the graph or fails in it.
   * @param inputs at least what the graph takes besides the state; the rest is left out
   * @param buffers where an output goes; null, or no function: into memory of its own
   */
  run(which: GraphName, inputs: Tensors, buffers?: (output: string) => ort.Tensor | null): Promise<Tensors>;
  /** The graph is loaded anew when it is next run. */
  drop(which: GraphName): Promise<void>;
  close(): Promise<void>;
}

const providerOf = (device: string, program: StepProgram): ort.InferenceSession.ExecutionProviderConfig =>
  device === 'webgpu' ? { name: device, preferredLayout: 'NCHW', forceCpuNodeNames: program.cpuNodes } : device;

/** ONNX bytes of each graph; those of the prefix with its weights bound as constants. */
const models: { readonly [K in GraphName]: (program: StepProgram, state: State) => Uint8Array | null } = {
  prefix: ({ prefix }, state) =>
    prefix &&
    bindInitializers(
      prefix.model,
      prefix.weights.map((name) => ({ name, shape: state.tensor(name).shape, data: state.values(name) })),
    ),
  train: ({ train }) => train,
  gradients: ({ gradients }) => gradients?.model ?? null,
  evaluate: ({ evaluate }) => evaluate,
  predict: ({ predict }) => predict,
};

/** What a session takes, of the inputs and of the state. */
const feedsOf = (which: GraphName, { inputNames }: ort.InferenceSession, inputs: Tensors, state: State): Tensors =>
  Object.fromEntries(
    inputNames.map((name) => {
      const value = inputs[name] ?? state.now(name);
      if (!value) throw new Error(`the graph '${which}' is given no '${name}'`);
      return [name, value];
    }),
  );

/** `threads`: of one operator of a graph; 0: as many as there are cores. */
export const openGraphs = (
  program: StepProgram,
  state: State,
  device: string,
  threads: (which: GraphName) => number,
): Graphs => {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [providerOf(device, program)],
    graphOptimizationLevel: 'all',
    // what goes wrong comes back as an error; nothing is written to the terminal
    logSeverityLevel: 4,
    extra: {
      // second moments of tiny gradients may be denormal numbers, which are slow
      session: { set_denormal_as_zero: '1' },
      // onnxruntime 1.30 fuses zero padding into max pooling, which pads with minus infinity (ResNet50V2's first pooling)
      optimization: { disable_specified_optimizers: 'Pad_Fusion' },
    },
  };
  const sessions = new Map<GraphName, ort.InferenceSession>();
  const load = async (which: GraphName): Promise<ort.InferenceSession> => {
    const known = sessions.get(which);
    if (known) return known;
    const model = models[which](program, state);
    if (model === null) throw new Error(`this stage has no graph '${which}'`);
    const session = await guarded(`loading the graph '${which}'`, () =>
      ort.InferenceSession.create(model, { ...options, intraOpNumThreads: threads(which) }),
    );
    sessions.set(which, session);
    return session;
  };
  return {
    async run(which, inputs, buffers = () => null) {
      const session = await load(which);
      const feeds = feedsOf(which, session, inputs, state);
      const fetches = Object.fromEntries(session.outputNames.map((name) => [name, buffers(name)]));
      return guarded(`running the graph '${which}'`, () => session.run(feeds, fetches));
    },
    async drop(which) {
      const session = sessions.get(which);
      sessions.delete(which);
      await session?.release();
    },
    async close() {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
};

/** Loss and right answers of a step. */
export const resultOf = (outputs: Tensors) => ({
  loss: dataOf(outputs.loss)[0]!,
  correct: dataOf(outputs.correct)[0]!,
});
