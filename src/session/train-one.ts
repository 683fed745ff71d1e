// Verb: a run of a plan → trained, in its folder. However it ends, what it has learned is kept.
import { tfjsGaps } from '../compiler/layers/topology.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import { hasContent } from '../runtime/data/fingerprint.ts';
import type { Engine, Weights } from '../runtime/engine/engine.ts';
import { type OpenLoader, openAhead } from '../runtime/loader/open-ahead.ts';
import { openLoader } from '../runtime/loader/open-loader.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';
import { trainRun } from '../runtime/trainer/train-run.ts';
import type { TrainOutcome } from '../runtime/trainer/trainer.ts';
import { openFolder } from './open-folder.ts';
import { openVoice, tellAll, type Voice } from './open-voice.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import type { BegunRun } from './read-resume.ts';
import { checkSameData } from './same-data.ts';
import { startWeights } from './start-weights.ts';
import type { TrainPlanRequest } from './train-request.ts';

export interface TrainOneRequest {
  readonly request: TrainPlanRequest;
  readonly run: TrainableRun;
  readonly engine: Engine;
  readonly time: Date;
  /** The folder of all runs of the file, where it has several. */
  readonly common: string | null;
  /** The run goes on from here. */
  readonly begun: BegunRun | null;
  /** Final weights of the runs before, by name. */
  readonly finished: ReadonlyMap<string, Weights>;
}

/** Throws what the parts throw; what was learned until then is in a folder that can be resumed, of which a warning tells. */
export const trainOne = async (one: TrainOneRequest): Promise<TrainOutcome> => {
  const { request, run, engine, begun } = one;
  const voice = openVoice(request.listeners);
  const prepared = await prepareRun(request.plan, run, {
    limit: request.limit,
    // what was hashed before is hashed again, to be compared
    hashData: request.hashData === true || hasContent(begun?.data ?? null),
    verify: request.verify,
    target: engine.target,
    say: (what) => voice.say({ type: 'preparing', run: run.name, what }),
  });
  const changed = begun?.data
    ? checkSameData(run.name, begun.data, prepared.fingerprint, request.acceptChangedData === true)
    : null;
  if (changed !== null) voice.say({ type: 'warning', message: changed });
  // its worker opens the data while weights are read
  const first = prepared.compiled.stages[begun?.checkpoint?.state.stage ?? 0];
  const loaders = openAhead(loadersOf(prepared), first?.masks ?? []);
  try {
    const start = begun?.checkpoint?.weights ?? (await startOf(one, prepared, voice));
    return await trainInFolder(one, prepared, voice, start, loaders.open);
  } finally {
    await loaders.close();
  }
};

const startOf = ({ request, finished }: TrainOneRequest, prepared: PreparedRun, voice: Voice): Promise<Weights> =>
  startWeights({
    run: prepared.run,
    model: prepared.compiled.model,
    finished,
    listener: voice.say,
    signal: request.signal,
  });

/** Opens the folder of the run, trains into it and keeps it. */
const trainInFolder = async (
  one: TrainOneRequest,
  prepared: PreparedRun,
  voice: Voice,
  start: Weights,
  open: OpenLoader,
): Promise<TrainOutcome> => {
  const { request, begun } = one;
  const folder = await openFolder({ ...one, ...request, prepared }, voice.say);
  request.onFolder?.(folder);
  try {
    warnOfGaps(prepared, voice);
    voice.record(folder);
    for (const message of [...prepared.warnings, ...(begun?.notes ?? [])]) voice.say({ type: 'warning', message });
    const outcome = await trainRun(trainRequestOf(one, prepared, folder, voice, start, open));
    const placed = await folder.commit(outcome.result, outcome.weights);
    tellAll(request.listeners)({ type: 'run_finished', result: placed });
    return { ...outcome, result: placed };
  } catch (error) {
    const left = await folder.leave();
    if (left !== null) request.onKept?.(left);
    throw error;
  } finally {
    request.onFolder?.(null);
  }
};

const loadersOf =
  ({ run, compiled, data }: PreparedRun): OpenLoader =>
  (masks) =>
    openLoader({
      source: run.data.source,
      only_classes: run.data.only_classes,
      classes: data.classes.length,
      masks,
      views: run.views,
      seed: run.seed,
      train: compiled.preprocess.train,
      evaluate: compiled.preprocess.evaluate,
      kernels: compiled.kernels,
    });

const warnOfGaps = ({ compiled }: PreparedRun, voice: Voice): void => {
  const gaps = tfjsGaps(compiled.model);
  if (gaps.length === 0) return;
  const message = `TensorFlow.js cannot load this model: ${gaps.join('; ')}. Else nothing changes.`;
  voice.say({ type: 'warning', message });
};

const trainRequestOf = (
  { request, engine, begun }: TrainOneRequest,
  { compiled, data }: PreparedRun,
  folder: RunFolder,
  voice: Voice,
  weights: Weights,
  open: OpenLoader,
): Parameters<typeof trainRun>[0] => ({
  compiled,
  engine,
  device: request.device,
  data,
  signal: request.signal,
  listener: voice.say,
  folder: folder.path,
  openLoader: open,
  weights,
  cache: request.cache ?? null,
  checkpoints: folder.checkpoints,
  ...(begun?.checkpoint ? { resume: begun.checkpoint } : {}),
});
