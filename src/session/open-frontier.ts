// Noun and verb: a run and its weights → the part of its network that is frozen, opened on an engine: images to features.
import type { CompiledRun, CompiledStage } from '../compiler/compiled-run.ts';
import { compileRun } from '../compiler/index.ts';
import { buildRunLayers } from '../compiler/layers/run-layers.ts';
import type { ImageShape } from '../compiler/plan/plan.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import type { Batch, Engine, EngineSession, Weights } from '../runtime/engine/engine.ts';
import { SessionError } from './session-error.ts';

export interface FrontierRequest {
  /** With the one stage whose frontier is meant. */
  readonly run: TrainableRun;
  /** Of the images that the preprocessing begins with. */
  readonly source: ImageShape;
  readonly weights: Weights;
  readonly engine: Engine;
  readonly device: string;
}

export interface OpenFrontier {
  readonly compiled: CompiledRun;
  readonly stage: CompiledStage;
  /** Layers whose outputs the features are. */
  readonly layers: readonly string[];
  /** The run freezes nothing: this is the end of its backbone. */
  readonly ofBackbone: boolean;
  /** Features of an image. */
  readonly columns: number;
  /** count x columns; maps lie as in Keras: rows, columns, channels. */
  readonly embed: (batch: Batch) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
}

const backboneFrozen = (run: TrainableRun): TrainableRun => ({
  ...run,
  stages: run.stages.map((stage) => ({
    ...stage,
    freeze: { ...stage.freeze, kind: 'backbone', count: null, except: null },
  })),
});

/** The run as it is where it freezes something, else with its backbone frozen. Throws SessionError where even that has no features. */
const atFrontier = (run: TrainableRun) => {
  for (const each of [run, backboneFrozen(run)]) {
    const layers = buildRunLayers(each);
    const prefix = layers.stages[0]?.prefix ?? null;
    if (prefix !== null) return { run: each, layers, prefix };
  }
  throw new SessionError(`run "${run.name}" has no frozen part: its backbone computes nothing that would be a feature`);
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** One feature of all images into its columns: channels first becomes channels last. `shape`: after the batch axis. */
const place = (
  values: Float32Array,
  shape: readonly number[],
  into: Float32Array,
  at: number,
  columns: number,
): void => {
  const size = sizeOf(shape);
  const channels = shape.length === 3 ? shape[0]! : size;
  const cells = size / channels;
  for (let image = 0; image * size < values.length; image++) {
    for (let c = 0; c < channels; c++) {
      for (let cell = 0; cell < cells; cell++) {
        into[image * columns + at + cell * channels + c] = values[image * size + c * cells + cell]!;
      }
    }
  }
};

/** Throws EngineError or SessionError. */
export const openFrontier = async (request: FrontierRequest): Promise<OpenFrontier> => {
  const { source, weights, engine, device } = request;
  const given = { ...request.run, data: { ...request.run.data, source_image: source } };
  const { run, layers, prefix } = atFrontier(given);
  const compiled = compileRun(run, layers, { sourceImage: source, classWeights: null }, { target: engine.target });
  const stage = compiled.stages[0]!;
  const session: EngineSession = await engine.open({ model: compiled.model, stage, weights, device });
  const features = session.features ?? [];
  const columns = features.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    compiled,
    stage,
    layers: prefix.features.map(({ layer }) => layer),
    ofBackbone: run !== given,
    columns,
    embed: async (batch) => {
      const found = await session.embed(batch);
      const rows = new Float32Array(batch.count * columns);
      let at = 0;
      for (const { name, shape } of features) {
        place(found[name]!, shape, rows, at, columns);
        at += sizeOf(shape);
      }
      return rows;
    },
    close: () => session.close(),
  };
};
