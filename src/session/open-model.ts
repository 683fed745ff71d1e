// Noun and verb: the network of a finished run, compiled as its last stage measured it and opened on an engine.
import type { CompiledRun, CompiledStage, Target } from '../compiler/compiled-run.ts';
import { compileRun } from '../compiler/index.ts';
import { buildRunLayers } from '../compiler/layers/run-layers.ts';
import type { ImageShape } from '../compiler/plan/plan.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import type { Engine, EngineSession } from '../runtime/engine/engine.ts';
import { type RunFolderContents, readRunFolder } from '../runtime/run-folder/read-run-folder.ts';
import { chooseEngine } from './choose-engine.ts';
import { readyRun } from './ready-run.ts';

export interface ModelRequest {
  /** Of a finished run. */
  readonly folder: string;
  /** The preferred one first. */
  readonly engines: readonly Engine[];
  /** One of the engines' devices, or `auto`. */
  readonly device: string;
}

export interface OpenModel {
  readonly contents: RunFolderContents;
  /** With the last stage alone. */
  readonly compiled: CompiledRun;
  readonly stage: CompiledStage;
  /** Holds the run's final weights. Close it. */
  readonly session: EngineSession;
}

/** The run with its last stage alone: what measures, and with which its final weights were measured. */
export const lastStageOf = (run: TrainableRun): TrainableRun => ({ ...run, stages: run.stages.slice(-1) });

/** The last stage alone. `source`: the size of the images that the preprocessing begins with. */
export const compileLast = (run: TrainableRun, source: ImageShape, target: Target): CompiledRun => {
  const last = lastStageOf({ ...run, data: { ...run.data, source_image: source } });
  return compileRun(last, buildRunLayers(last), { sourceImage: source, classWeights: null }, { target });
};

/** Opens a compiled run, which has one stage, with the weights of a run folder. */
export const openCompiled = async (
  contents: RunFolderContents,
  compiled: CompiledRun,
  engine: Engine,
  device: string,
): Promise<OpenModel> => {
  const [stage] = compiled.stages;
  if (stage === undefined) throw new RangeError(`run "${compiled.plan.name}" has no stages`);
  const session = await engine.open({ model: compiled.model, stage, weights: contents.weights, device });
  return { contents, compiled, stage, session };
};

/** From the folder alone: neither the pipeline nor its data are needed. Throws RunFolderError, EngineError or SessionError. */
export const openModel = async ({ folder, engines, device }: ModelRequest): Promise<OpenModel> => {
  const engine = chooseEngine(engines, device);
  const contents = await readRunFolder(folder);
  const compiled = compileLast(readyRun(contents.run), contents.metadata.source_image, engine.target);
  return openCompiled(contents, compiled, engine, device);
};
