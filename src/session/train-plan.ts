// Verb: a plan → trained runs in their folders. Opens what a run needs, in the order that lets errors show early.
import { tfjsGaps } from '../compiler/layers/topology.ts';
import { startsFrom } from '../compiler/plan/starts-from.ts';
import type { TrainablePlan, TrainableRun } from '../compiler/plan/trainable.ts';
import type { CacheSettings } from '../runtime/cache/feature-cache.ts';
import { type DataFingerprint, hasContent } from '../runtime/data/fingerprint.ts';
import type { Engine, Weights } from '../runtime/engine/engine.ts';
import type { Listener, RunEvent, RunResult } from '../runtime/events.ts';
import { type OpenLoader, openAhead } from '../runtime/loader/open-ahead.ts';
import { openLoader } from '../runtime/loader/open-loader.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';
import { trainRun } from '../runtime/trainer/train-run.ts';
import type { Checkpoint, TrainOutcome } from '../runtime/trainer/trainer.ts';
import { chooseEngine } from './choose-engine.ts';
import { openCommon } from './open-common.ts';
import { openFolder } from './open-folder.ts';
import { openVoice, tellAll, type Voice } from './open-voice.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { checkSameData } from './same-data.ts';
import { startWeights } from './start-weights.ts';

export interface TrainPlanRequest {
  /** Its runs are trained in order. */
  readonly plan: TrainablePlan;
  /** The pipeline as the file has it. */
  readonly text: string;
  /** Of tlp. */
  readonly version: string;
  /** Those that may train, the preferred one first. */
  readonly engines: readonly Engine[];
  /** A device of one of them, or `auto`. */
  readonly device: string;
  readonly limit?: number | undefined;
  /** Where features of frozen layers are kept; null or left out: they are computed for every batch. */
  readonly cache?: CacheSettings | null;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
  /** Folder of all runs. */
  readonly out: string;
  /** Each is told of every event. */
  readonly listeners: readonly Listener[];
  /** Aborted: the run under way ends after its step and is kept; no other begins. */
  readonly signal: AbortSignal;
  /** Seconds between checkpoints; default 30. */
  readonly checkpointEvery?: number | undefined;
  /** Told about the folder under construction, null when there is none. */
  readonly onFolder?: (folder: RunFolder | null) => void;
  /** Read all images, so that a changed pixel is noticed when a run goes on. */
  readonly hashData?: boolean | undefined;
  /** A run goes on although its data have changed. */
  readonly acceptChangedData?: boolean | undefined;
  /** The moment that the folders are named for; default: now. */
  readonly time?: Date | undefined;
  /** One of the runs goes on from here. */
  readonly resume?: ResumePoint | undefined;
  /** Runs of the plan that are finished already, by name: they are not trained again. */
  readonly finished?: ReadonlyMap<string, FinishedRun>;
}

export interface FinishedRun {
  readonly result: RunResult;
  /** With which it ended. */
  weights(): Promise<Weights>;
}

/** Where a run goes on, and what happened before. */
export interface ResumePoint {
  /** Its name. */
  readonly run: string;
  /** What its data were known by; null: nobody knows. */
  readonly data: DataFingerprint | null;
  /** Where it was until now. */
  readonly folder: string;
  readonly checkpoint: Checkpoint;
  readonly events: readonly RunEvent[];
}

/** What all runs of a plan share. */
interface Shared {
  readonly request: TrainPlanRequest;
  readonly engine: Engine;
  readonly time: Date;
}

/** Results in the order of the runs; an interruption leaves out those not begun. Throws what the parts throw. */
export const trainPlan = async (request: TrainPlanRequest): Promise<readonly RunResult[]> => {
  const { plan, signal } = request;
  const tell = tellAll(request.listeners);
  const engine = chooseEngine(request.engines, request.device);
  const wanted = request.time ?? new Date();
  const asked = { plan, text: request.text, limit: request.limit ?? null };
  const goesOn = request.finished !== undefined;
  const common = plan.runs.length > 1 ? await openCommon({ asked, out: request.out, time: wanted, goesOn }) : null;
  const time = common?.time ?? wanted;
  const shared: Shared = { request, engine, time };
  const final = new Map<string, Weights>();
  const isNeeded = ({ name }: TrainableRun): boolean => plan.runs.some((other) => startsFrom(other).includes(name));
  const results: RunResult[] = [];
  tell({
    type: 'started',
    pipeline: plan.pipeline,
    runs: plan.runs.map(({ name }) => name),
    bases: plan.runs.map(baseName),
  });
  try {
    for (const run of plan.runs) {
      if (signal.aborted) break;
      const before = request.finished?.get(run.name);
      const { result, weights } = before ?? (await trainOne(shared, run, final));
      results.push(result);
      if (isNeeded(run)) final.set(run.name, typeof weights === 'function' ? await weights() : weights);
      if (result.status === 'interrupted') break;
    }
  } finally {
    const ended = results.filter(({ status }) => status !== 'interrupted').length;
    await common?.close(ended === plan.runs.length || results.length === 0);
  }
  tell({ type: 'finished', runs: results });
  return results;
};

/** `pretraining` of `pretraining lr=0.01`. */
const baseName = ({ name, sweep }: TrainableRun): string => (sweep === null ? name : name.slice(0, -sweep.length - 1));

/** One run in its folder, which is gone when anything fails. `finished`: final weights of the runs before, by name. */
const trainOne = async (
  shared: Shared,
  run: TrainableRun,
  finished: ReadonlyMap<string, Weights>,
): Promise<TrainOutcome> => {
  const { request, engine } = shared;
  const voice = openVoice(request.listeners);
  const resume = request.resume?.run === run.name ? request.resume : null;
  const prepared = await prepareRun(request.plan, run, {
    limit: request.limit,
    // what was hashed before is hashed again, to be compared
    hashData: request.hashData === true || hasContent(resume?.data ?? null),
    verify: request.verify,
    target: engine.target,
    say: (what) => voice.say({ type: 'preparing', run: run.name, what }),
  });
  if (resume !== null && resume.data !== null) {
    const { data, run: name } = resume;
    const changed = checkSameData(name, data, prepared.fingerprint, request.acceptChangedData === true);
    if (changed !== null) voice.say({ type: 'warning', message: changed });
  }
  // its worker opens the data while weights are read
  const first = prepared.compiled.stages[resume?.checkpoint.state.stage ?? 0];
  const loaders = openAhead(loadersOf(prepared), first?.masks ?? []);
  try {
    const start =
      resume?.checkpoint.weights ??
      (await startWeights({
        run: prepared.run,
        model: prepared.compiled.model,
        finished,
        listener: voice.say,
        signal: request.signal,
      }));
    return await trainInFolder(shared, { prepared, voice, start, resume, open: loaders.open });
  } finally {
    await loaders.close();
  }
};

/** A run that is ready to be trained. */
interface ReadyToTrain {
  readonly prepared: PreparedRun;
  readonly voice: Voice;
  readonly start: Weights;
  readonly resume: ResumePoint | null;
  readonly open: OpenLoader;
}

/** Opens the folder of the run, trains into it and keeps it. */
const trainInFolder = async (shared: Shared, ready: ReadyToTrain): Promise<TrainOutcome> => {
  const { prepared, voice, resume } = ready;
  const { request, time } = shared;
  const folder = await openFolder(
    {
      prepared,
      text: request.text,
      version: request.version,
      out: request.out,
      time,
      several: request.plan.runs.length > 1,
      checkpointEvery: request.checkpointEvery,
      resumes: resume?.folder,
    },
    voice.say,
  );
  request.onFolder?.(folder);
  try {
    warnOfGaps(prepared, voice);
    voice.record(folder, resume?.events ?? []);
    const { result, weights } = await trainRun(trainRequestOf(shared, ready, folder));
    const placed = await folder.commit(result, weights);
    tellAll(request.listeners)({ type: 'run_finished', result: placed });
    return { result: placed, weights };
  } catch (error) {
    await folder.discard();
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
  { request, engine }: Shared,
  { prepared: { compiled, data }, voice, start, resume, open }: ReadyToTrain,
  folder: RunFolder,
): Parameters<typeof trainRun>[0] => ({
  compiled,
  engine,
  device: request.device,
  data,
  signal: request.signal,
  listener: voice.say,
  folder: folder.path,
  openLoader: open,
  weights: start,
  cache: request.cache ?? null,
  checkpoints: folder.checkpoints,
  ...(resume === null ? {} : { resume: resume.checkpoint }),
});
