// Runs a training graph on onnxruntime, in this thread, for tests of numbers.
import * as ort from 'onnxruntime-node';
import { elements } from '../../src/compiler/graph/dims.ts';
import type { Graph } from '../../src/compiler/graph/graph.ts';
import { encodeOnnx } from '../../src/compiler/onnx/encode.ts';
import { spellBatchNorm } from '../../src/compiler/training/spell-batch-norm.ts';

export type Values = Readonly<Record<string, Float32Array>>;

/** Numbers that are the same on every run: a sine of odd frequency, in (-scale, scale). */
export const wave = (count: number, phase = 0, scale = 1): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(1.7 * i + 0.31 * phase + 0.2 * Math.cos(3.1 * i)));

/** Loads the graph once; each call runs it with a batch of `batch` and gives all outputs by name. */
export const loadGraph = async (graph: Graph, batch: number) => {
  const session = await ort.InferenceSession.create(encodeOnnx(spellBatchNorm(graph)), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
    // as the engine does, see step-runner.ts
    extra: { optimization: { disable_specified_optimizers: 'Pad_Fusion' } },
  });
  const run = async (feeds: Values): Promise<Record<string, Float32Array>> => {
    const tensors = session.inputNames.map((name) => {
      const shape = (graph.values.get(name)?.shape ?? []).map((dim) => elements([dim], batch));
      return [name, new ort.Tensor('float32', feeds[name] as Float32Array, shape)] as const;
    });
    const result = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(result).map(([name, { data }]) => [name, Float32Array.from(data as Float32Array, Number)]),
    );
  };
  return { run, close: () => session.release() };
};
