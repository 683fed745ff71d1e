// Verb: a plan → trained runs in their folders. Opens what a run needs, in the order that lets errors show early.
import type { CompiledRun } from '../compiler/compiled-run.ts';
import { tfjsGaps, topologyOf } from '../compiler/layers/topology.ts';
import { notRunYetLine, runnableRuns } from '../compiler/not-run-yet.ts';
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import type { Device, Engine, Weights } from '../runtime/engine/engine.ts';
import type { Listener, RunEvent, RunResult } from '../runtime/events.ts';
import { initialWeights } from '../runtime/init-weights.ts';
import { openLoader } from '../runtime/loader/open-loader.ts';
import type { ModelMetadata } from '../runtime/run-folder/model-metadata.ts';
import { openRunFolder } from '../runtime/run-folder/open-run-folder.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';
import { trainRun } from '../runtime/trainer/train-run.ts';
import type { Checkpoint, TrainData } from '../runtime/trainer/trainer.ts';
import { prepareRun } from './prepare-run.ts';
import { SessionError } from './session-error.ts';

export interface TrainPlanRequest {
  /** Its runs are trained in order. */
  readonly plan: Plan;
  /** The pipeline as the file has it. */
  readonly text: string;
  readonly printPlan: (plan: Plan) => string;
  readonly version: string;
  readonly engine: Engine;
  readonly device: Device | 'auto';
  readonly limit?: number | undefined;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
  /** Folder of all runs. */
  readonly out: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Seconds between checkpoints; default 30. */
  readonly checkpointEvery?: number;
  /** Told about the folder under construction, null when there is none. */
  readonly onFolder: (folder: RunFolder | null) => void;
  /** Goes on with the only run of the plan. */
  readonly resume?: { readonly checkpoint: Checkpoint; readonly events: readonly RunEvent[] };
}

/** Results in the order of the runs; an interruption leaves out those not begun. Throws what the parts throw. */
export const trainPlan = async (request: TrainPlanRequest): Promise<readonly RunResult[]> => {
  const { plan, listener, signal } = request;
  refuseMissing(plan);
  const time = new Date();
  const final = new Map<string, Weights>();
  const results: RunResult[] = [];
  const training = { ...request, engine: steadyEngine(request.engine) };
  listener({ type: 'started', pipeline: plan.pipeline, runs: plan.runs.map(({ name }) => name) });
  for (const run of plan.runs) {
    if (signal.aborted) break;
    const { result, weights } = await trainOne(
      training,
      run,
      time,
      run.continues ? final.get(run.continues) : undefined,
    );
    results.push(result);
    if (plan.runs.some((other) => other.continues === run.name)) final.set(run.name, weights);
    if (result.status === 'interrupted') break;
  }
  listener({ type: 'finished', runs: results });
  return results;
};

/** `auto` is decided once: all stages and runs use the device of the first. */
const steadyEngine = (engine: Engine): Engine => {
  let chosen: Device | undefined;
  return {
    ...engine,
    open: async (request) => {
      const session = await engine.open({ ...request, device: chosen ?? request.device });
      chosen ??= devices.find((device) => device === session.device);
      return session;
    },
  };
};

const devices: readonly Device[] = ['cpu', 'webgpu', 'cuda'];

/** What cannot be trained yet is refused, never left out in silence. */
const refuseMissing = (plan: Plan): void => {
  const { missing } = runnableRuns(plan);
  if (missing.length > 0) throw new SessionError(notRunYetLine({ missing }));
};

const trainOne = async (request: TrainPlanRequest, planned: RunPlan, time: Date, start: Weights | undefined) => {
  const { plan, listener, signal, engine, device } = request;
  const early: RunEvent[] = [];
  let folder: RunFolder | null = null;
  const say: Listener = (event) => {
    if (folder === null) early.push(event);
    else folder.listener(event);
    listener(event);
  };

  const at = `/runs/${plan.runs.indexOf(planned)}`;
  const { run, compiled, data } = await prepareRun(planned, at, {
    limit: request.limit,
    verify: request.verify,
    say: (what) => say({ type: 'preparing', run: planned.name, what }),
  });
  const opened = await openRunFolder({
    ...{ root: request.out, pipeline: plan.pipeline, time, run: plan.runs.length > 1 ? run.name : null, listener: say },
    ...(request.checkpointEvery === undefined ? {} : { checkpointEvery: request.checkpointEvery }),
    texts: { 'pipeline.tlp': request.text, 'plan.yaml': request.printPlan({ ...plan, runs: [run] }) },
    binaries: stepGraphs(compiled.stages),
    model: {
      topology: topologyOf(compiled.model, new Set(compiled.stages.at(-1)?.frozen)),
      weights: compiled.model.layers.flatMap((layer) => layer.weights),
      generatedBy: `tlp ${request.version}`,
      metadata: metadataOf(compiled, data),
    },
  });
  folder = opened;
  request.onFolder(opened);
  const gaps = tfjsGaps(compiled.model);
  if (gaps.length > 0) {
    early.push({
      type: 'warning',
      message: `TensorFlow.js cannot load this model: ${gaps.join('; ')}. Else nothing changes.`,
    });
    listener(early.at(-1)!);
  }
  for (const event of [...(request.resume?.events ?? []), ...early]) opened.listener(event);
  try {
    const outcome = await trainRun({
      ...{ compiled, engine, device, data, signal, listener: say, folder: opened.path },
      openLoader: (masks) =>
        openLoader({
          ...{ source: run.data.source, classes: data.classes.length, masks, seed: run.seed },
          ...{ ...compiled.preprocess, kernels: compiled.kernels },
        }),
      weights: start ?? initialWeights(compiled.model, run.seed),
      checkpoints: opened.checkpoints,
      ...(request.resume ? { resume: request.resume.checkpoint } : {}),
    });
    const result = await opened.commit(outcome.result, outcome.weights);
    listener({ type: 'run_finished', result });
    return { result, weights: outcome.weights };
  } catch (error) {
    await opened.discard();
    throw error;
  } finally {
    request.onFolder(null);
  }
};

/** What whoever uses the model must know of its images. */
const metadataOf = ({ plan, preprocess }: CompiledRun, { classes }: TrainData): ModelMetadata => ({
  classes,
  image: plan.data.image,
  source_image: preprocess.evaluate.source,
  resize: plan.data.resize,
  normalize: plan.data.normalize,
});

/** `train-step.onnx` is the last stage's; earlier stages are numbered from 1. A stage that trains nothing has none. */
const stepGraphs = (stages: CompiledRun['stages']): Record<string, Uint8Array> =>
  Object.fromEntries(
    stages.flatMap(({ program }, index) => {
      const name = index === stages.length - 1 ? 'train-step.onnx' : `train-step-${index + 1}.onnx`;
      return program.train === null ? [] : [[name, program.train] as const];
    }),
  );
