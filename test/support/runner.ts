// A compiled stage on the embedded engine, in this thread, with seeded weights.
import { compileRun } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import type { Batch, Weights } from '../../src/runtime/engine/engine.ts';
import { createStepRunner } from '../../src/runtime/engine/onnx/step-runner.ts';
import { initialWeights } from '../../src/runtime/init-weights.ts';
import { wave } from './run-graph.ts';
import { readyRun } from './trainable.ts';

/** Images in 0..1 and labels 0, 1, 2, ...; channels last. */
export const batchOf = (run: RunPlan, count: number, phase: number) => {
  const { height, width, channels } = run.data.image;
  const classes = run.data.classes ?? 0;
  const images = wave(count * height * width * channels, phase, 0.5).map((v) => v + 0.5);
  const labels = new Float32Array(count * classes);
  for (let i = 0; i < count; i += 1) labels[i * classes + ((i * 3 + phase) % classes)] = 1;
  return { images, labels };
};

/** The same images, channels first. */
export const channelsFirst = (run: RunPlan, images: Float32Array): Float32Array => {
  const { height, width, channels } = run.data.image;
  const area = height * width;
  return images.map((_, i) => {
    const image = Math.floor(i / (area * channels));
    const [channel, pixel] = [Math.floor(i / area) % channels, i % area];
    return images[(image * area + pixel) * channels + channel]!;
  });
};

/** A batch for the step program. */
export const stepBatch = (run: RunPlan, count: number, phase: number, masks: Batch['masks'] = {}): Batch => {
  const { images, labels } = batchOf(run, count, phase);
  return { count, inputs: { images: channelsFirst(run, images) }, labels, masks };
};

/** Opens stage `stage` of a run. Fails on a network with problems. */
export const openRunner = async (
  run: RunPlan,
  { stage = 0, weights, device = 'cpu' }: { stage?: number; weights?: Weights; device?: string } = {},
) => {
  const layers = buildRunLayers(run, '/runs/0');
  if (layers.problems.length > 0) throw new Error(layers.problems.map(({ message }) => message).join('\n'));
  const compiled = compileRun(readyRun(run), layers);
  const compiledStage = compiled.stages[stage]!;
  const { height, width, channels } = run.data.image;
  const start = weights ?? initialWeights(layers.model, run.seed);
  const runner = await createStepRunner({
    stage: compiledStage,
    weights: start,
    device,
    image: [height, width, channels],
    threads: 1,
  });
  return { runner, stage: compiledStage, layers, weights: start };
};
