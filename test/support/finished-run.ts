// A run folder as a training leaves it, without training: fresh weights, made-up scores; interrupted, it has a checkpoint.
import { join } from 'node:path';
import { compileRun } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { topologyOf } from '../../src/compiler/layers/topology.ts';
import type { ImageShape, RunPlan } from '../../src/compiler/plan/plan.ts';
import { printPlan } from '../../src/compiler/plan/print.ts';
import type { Weights } from '../../src/runtime/engine/engine.ts';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';
import { initialWeights } from '../../src/runtime/init-weights.ts';
import type { ExtraFiles } from '../../src/runtime/run-folder/extra-files.ts';
import { openRunFolder } from '../../src/runtime/run-folder/open-run-folder.ts';
import type { Checkpoint } from '../../src/runtime/trainer/trainer.ts';
import { digitsPlan, digitsRun } from './digits-plan.ts';
import { readyRun } from './trainable.ts';

export interface FinishedRun {
  readonly folder: string;
  readonly run: RunPlan;
  readonly weights: Weights;
}

const score = { loss: 0.5, accuracy: 0.75 };

const epochEvent = (epoch: number): RunEvent => ({
  type: 'epoch_finished',
  run: 'main',
  stage: 'train',
  epoch,
  running: score,
  train: score,
  validation: null,
  gap: null,
  learning_rate: 1e-3,
  seconds: 2,
  images_per_second: 10,
  waited: 0.1,
});

/** At the end of the first of three epochs. */
const checkpointOf = (weights: Weights): Checkpoint => ({
  state: {
    stage: 0,
    epoch: 1,
    finished: 1,
    step: 0,
    sums: { loss: 0, correct: 0, count: 0 },
    iteration: 8,
    learningRate: 1e-2,
    earlyStopping: { best: 0.5, bestEpoch: 0, wait: 0, stored: false },
    reduceLr: { best: 0.5, wait: 0, cooldown: 0 },
    checkpoint: { best: null },
    best: null,
    last: { train: score, validation: null },
    stopped: false,
  },
  weights,
  slots: new Map(),
  best: null,
  average: null,
  epoch: null,
});

export const finishRun = async (
  root: string,
  options: {
    readonly interrupted?: boolean;
    readonly name?: string;
    readonly extras?: ExtraFiles;
    readonly run?: RunPlan;
    /** Size of its source's images. */
    readonly source?: ImageShape;
    /** What training made of the fresh weights. */
    readonly trained?: (fresh: Weights) => Weights;
  } = {},
): Promise<FinishedRun> => {
  const { interrupted = false, name, extras, run = digitsRun() } = options;
  const { source = { height: 8, width: 8, channels: 1 } } = options;
  const layers = buildRunLayers(run);
  const { model } = layers;
  const { preprocess } = compileRun(readyRun(run), layers, {
    sourceImage: source,
    classWeights: null,
  });
  const weights = (options.trained ?? ((fresh) => fresh))(initialWeights(model, run.seed));
  const opened = await openRunFolder({
    root,
    pipeline: 'digits',
    time: new Date(2026, 10, 22, 14, 3, 55),
    run: name === undefined ? null : { name, common: join(root, 'digits', '2026-11-22T14-03-55') },
    texts: { 'pipeline.tlp': '// digits\n', 'plan.yaml': printPlan(digitsPlan(run)) },
    binaries: {},
    model: {
      topology: topologyOf(model),
      weights: model.layers.flatMap((layer) => layer.weights),
      generatedBy: 'tlp 0.0.0',
      metadata: {
        classes: [...'0123456789'],
        image: run.data.image,
        source_image: options.source ?? preprocess.evaluate.source,
        resize: run.data.resize,
        normalize: run.data.normalize,
      },
    },
    listener: () => {},
  });
  for (const epoch of [1, 2]) opened.listener(epochEvent(epoch));
  if (interrupted) await opened.checkpoints.save(checkpointOf(weights));
  const result: RunResult = {
    name: 'main',
    status: interrupted ? 'interrupted' : 'done',
    seconds: 1.5,
    epochs: 2,
    train: score,
    validation: null,
    test: interrupted ? null : { loss: Number.NaN, accuracy: 0.5 },
    gap: null,
    parameters: { total: 3, trainable: 3 },
    frozen: { tensors: 0, sha256: 'a'.repeat(64), unchanged: true },
    folder: '',
  };
  const { folder } = await opened.commit(result, weights, extras);
  return { folder, run, weights };
};
