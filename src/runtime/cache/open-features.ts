// Verb: an opened stage and its loader of images → the loader that it trains from, with features out of the cache where that can be.
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import type { CompiledRun, CompiledStage } from '../../compiler/compiled-run.ts';
import type { Engine, EngineSession, Weights } from '../engine/engine.ts';
import type { Loader } from '../loader/loader.ts';
import { cacheKey } from './cache-key.ts';
import type { CacheSettings, FeatureCache } from './feature-cache.ts';
import { featureIdentity } from './feature-identity.ts';
import { featureLoader, type TrainImages } from './feature-loader.ts';
import { openCache } from './open-cache.ts';

export interface OpenFeaturesRequest {
  readonly settings: CacheSettings;
  readonly compiled: CompiledRun;
  readonly stage: CompiledStage;
  readonly engine: Pick<Engine, 'name' | 'version'>;
  readonly session: Pick<EngineSession, 'device' | 'embed'>;
  /** The weights that the session began with. */
  readonly weights: Weights;
  readonly images: Loader;
  readonly warn: (message: string) => void;
}

/** Close it before the loader of images. */
export interface OpenFeatures {
  readonly loader: Loader;
  readonly cache: FeatureCache;
  close(): Promise<void>;
}

const sizeText = ({ height, width, channels }: { height: number; width: number; channels: number }): string =>
  `${height}x${width}x${channels}`;

export type KeyParts = Pick<OpenFeaturesRequest, 'compiled' | 'stage' | 'engine' | 'weights'> & {
  readonly device: string;
};

/** The key of a stage's cache; null where nothing is kept of it: nothing heavy is constant, or reading would cost more. */
export const stageKey = ({ compiled, stage, engine, weights, device }: KeyParts): string | null => {
  const { program, features, frontier } = stage;
  if (program === null || program.prefix === null || features === null || frontier === null) return null;
  const names = new Map(program.state.map(({ name, weight }) => [name, weight]));
  return cacheKey({
    prefix: {
      model: program.prefix.model,
      weights: program.prefix.weights.map((name) => names.get(name) ?? name),
    },
    weights,
    preprocess: compiled.preprocess.evaluate,
    kernel: compiled.kernels.evaluate,
    engine: engine.name,
    engineVersion: engine.version,
    device,
    machine: `${process.arch} ${cpus()[0]?.model.trim() ?? ''}`,
  });
};

/** Batch steps blend images of a batch, which is another in each epoch. */
const trainImages = ({ plan, preprocess: { train }, kernels }: CompiledRun): TrainImages => {
  if (train.augment.length + train.batch.length === 0) return { kind: 'same' };
  if (plan.views === null || train.batch.length > 0) return { kind: 'random' };
  const decisive = [train, kernels.train, plan.seed];
  return {
    kind: 'views',
    views: plan.views,
    identity: createHash('sha256').update(JSON.stringify(decisive)).digest('hex'),
  };
};

/** Null where nothing is kept. */
export const openFeatures = async (request: OpenFeaturesRequest): Promise<OpenFeatures | null> => {
  const { settings, compiled, stage, engine, session, images, warn } = request;
  const key = stageKey({ ...request, device: session.device });
  if (key === null || stage.features === null) return null;
  const first = compiled.stages[0]?.plan.name === stage.plan.name;
  const cache = await openCache({
    ...settings,
    key,
    features: stage.features,
    about: {
      backbone: compiled.plan.backbone.name ?? compiled.plan.backbone.kind,
      frontier: stage.frontier ?? [],
      image: sizeText(compiled.plan.data.image),
      engine: `${engine.name}, ${session.device}`,
      // a later stage begins with what training made of the weights
      identity: first ? featureIdentity(compiled.plan, stage.frontier ?? []) : null,
    },
    warn,
  });
  const loader = featureLoader({
    images,
    cache,
    embed: async (batch) => {
      const values = await session.embed(batch);
      return cache.features.map(({ name }) => values[name] as Float32Array);
    },
    classes: stage.classes,
    masks: stage.masks,
    seed: compiled.plan.seed,
    train: trainImages(compiled),
  });
  return { loader, cache, close: () => cache.close() };
};
