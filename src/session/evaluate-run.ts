// Verb: a run folder and labelled images → how good its network is on them: its own data, those of another pipeline, or a folder.
import type { DataPlan, ImageShape } from '../compiler/plan/plan.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import { listTestFolder } from '../runtime/data/files/list-folder.ts';
import { openSource } from '../runtime/data/open-source.ts';
import { DataError } from '../runtime/data/source.ts';
import type { SplitPart } from '../runtime/data/split.ts';
import type { Batch } from '../runtime/engine/engine.ts';
import type { Evaluation, Measured } from '../runtime/metrics/evaluation.ts';
import { type RunFolderContents, readRunFolder } from '../runtime/run-folder/read-run-folder.ts';
import { trainDataOf } from '../runtime/trainer/train-data.ts';
import type { TrainData } from '../runtime/trainer/trainer.ts';
import { chooseEngine } from './choose-engine.ts';
import { fileBatches } from './file-batches.ts';
import { measureBatches } from './measure-batches.ts';
import { compileLast, type ModelRequest, type OpenModel, openCompiled } from './open-model.ts';
import { readyRun, withImagesOf } from './ready-run.ts';
import { SessionError } from './session-error.ts';
import { splitBatches } from './split-batches.ts';

export type SplitName = Exclude<Measured, 'folder'>;

/** What to measure on. `plan`: the data of another pipeline, its places whole. `folder`: one folder of images for each class. */
export type EvaluationData =
  | { readonly kind: 'own' }
  | { readonly kind: 'plan'; readonly data: DataPlan }
  | { readonly kind: 'folder'; readonly path: string };

export interface EvaluateRequest extends ModelRequest {
  readonly data: EvaluationData;
  /** Default: the test split, or validation where there is none. Means nothing for a folder. */
  readonly split?: SplitName | undefined;
}

/** Throws RunFolderError, DataError, EngineError or SessionError. */
export const evaluateRun = async (request: EvaluateRequest): Promise<Evaluation> => {
  const contents = await readRunFolder(request.folder);
  const run = readyRun(contents.run);
  const { data } = request;
  if (data.kind === 'folder') return evaluateFolder(request, contents, run, data.path);
  const asked = data.kind === 'own' ? run : withImagesOf(run, data.data);
  return evaluateSplitOf(request, contents, asked);
};

const openFor = (
  { engines, device }: EvaluateRequest,
  contents: RunFolderContents,
  run: TrainableRun,
  source: ImageShape,
): Promise<OpenModel> => {
  const engine = chooseEngine(engines, device);
  return openCompiled(contents, compileLast(run, source, engine.target), engine, device);
};

/** Images in the order of the classes and their names. One that cannot be read is an error: the measure would be of other data. */
const evaluateFolder = async (
  request: EvaluateRequest,
  contents: RunFolderContents,
  run: TrainableRun,
  folder: string,
): Promise<Evaluation> => {
  if (request.split !== undefined) throw new SessionError(`a folder of images has no splits: leave --split away`);
  const { classes, source_image } = contents.metadata;
  const files = listTestFolder(folder, classes, 'run');
  const model = await openFor(request, contents, run, source_image);
  try {
    const next = fileBatches(model, files, model.stage.plan.batch, ({ problem }) => {
      throw new DataError(problem);
    });
    const measures = await measureBatches(model.session, async () => (await next())?.batch ?? null, classes);
    return { measured: 'folder', ...measures, recorded: null };
  } finally {
    await model.session.close();
  }
};

/** The images of a split, and its name. Throws SessionError where the data have none of it. */
const partOf = (
  data: TrainData,
  split: SplitName | undefined,
): { readonly measured: SplitName; readonly part: SplitPart } => {
  const parts: Readonly<Record<SplitName, SplitPart | null>> = {
    test: { split: 'test', indices: data.test },
    validation: data.validation,
    train: { split: 'train', indices: data.train },
  };
  const order: readonly SplitName[] = split === undefined ? ['test', 'validation'] : [split];
  for (const measured of order) {
    const part = parts[measured];
    if (part !== null && part.indices.length > 0) return { measured, part };
  }
  const others = (['test', 'validation', 'train'] as const).filter((name) => (parts[name]?.indices.length ?? 0) > 0);
  throw new SessionError(`the data have no ${order.join(' and no ')} split: write --split ${others.join(' or ')}`);
};

/** For each class of the data its index among the run's. Throws SessionError for a class that the run lacks. */
const indexOfClasses = (own: boolean, found: readonly string[], classes: readonly string[]): readonly number[] => {
  if (own && found.join('\n') !== classes.join('\n')) {
    throw new SessionError(
      `the data of the run have other classes now (${found.join(', ')}): bring them back as they were, or name others with --data`,
    );
  }
  const unknown = found.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new SessionError(
      `the data have a class ${unknown} that the run lacks: its classes are ${classes.join(', ')}`,
    );
  }
  return found.map((name) => classes.indexOf(name));
};

/** Labels of a batch, one column for each class of the data, as columns of the run's classes. */
const relabel = (batch: Batch, index: readonly number[], classes: number): Batch => {
  const labels = new Float32Array(batch.count * classes);
  for (let i = 0; i < batch.count; i++) {
    for (const [from, to] of index.entries()) labels[i * classes + to] = batch.labels[i * index.length + from]!;
  }
  return { ...batch, labels };
};

/** By the loader and in the batches of training's evaluation, so that the numbers are the same to the last bit. */
const evaluateSplitOf = async (
  request: EvaluateRequest,
  contents: RunFolderContents,
  run: TrainableRun,
): Promise<Evaluation> => {
  const { classes, source_image, resize } = contents.metadata;
  const own = request.data.kind === 'own';
  const source = await openSource(run.data.source, { image: source_image, ...resize }, run.data.only_classes);
  const index = indexOfClasses(own, source.classes, classes);
  const { measured, part } = partOf(trainDataOf(run, source), request.split);
  source.close();
  const model = await openFor(request, contents, run, source.image);
  const { batch } = model.stage.plan;
  const batches = await splitBatches(model.compiled, index.length, part, batch).catch(async (error: unknown) => {
    await model.session.close();
    throw error;
  });
  try {
    const next = async (): Promise<Batch | null> => {
      const given = await batches.next();
      return given && relabel(given, index, classes.length);
    };
    const measures = await measureBatches(model.session, next, classes);
    const { validation, test } = contents.result;
    const known = { test, validation, train: null };
    return { measured, ...measures, recorded: own ? known[measured] : null };
  } finally {
    await batches.close();
    await model.session.close();
  }
};
