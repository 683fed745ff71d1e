// Verb: a compiled run → its result. Stages in order: weights flow from one to the next, optimizer slots as the plan says.
import type { CompiledRun, CompiledStage } from '../../compiler/compiled-run.ts';
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import { type OpenFeatures, openFeatures } from '../cache/open-features.ts';
import type { EngineSession, Weights } from '../engine/engine.ts';
import type { RunResult } from '../events.ts';
import type { Loader } from '../loader/loader.ts';
import { type CheckpointClock, checkpointClock } from './checkpoint-clock.ts';
import { type FinalScores, finalScores } from './final-scores.ts';
import { compareFrozen, frozenNames, hashWeights } from './frozen-weights.ts';
import { driftMessage, idleMessage } from './messages.ts';
import type { StageEnd, StageRequest } from './stage-request.ts';
import { trainStage } from './train-stage.ts';
import { type Fault, freshState, gapOf, type TrainerState, type TrainOutcome, type TrainRequest } from './trainer.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Parameters of the whole model, and those that a stage trains (moving statistics are not among them). */
export const parametersOf = ({ model }: CompiledRun, { trained }: CompiledStage): RunResult['parameters'] => {
  const weights = model.layers.flatMap((layer) => layer.weights);
  return {
    total: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    trainable: weights.reduce((sum, { name, shape }) => sum + (trained.trainable.has(name) ? sizeOf(shape) : 0), 0),
  };
};

/** One loader at a time; stages with the same dropout masks share it. */
const loaderShelf = (open: TrainRequest['openLoader']) => {
  let held: { readonly masks: string; readonly loader: Loader } | null = null;
  const close = async () => {
    await held?.loader.close();
    held = null;
  };
  return {
    for: async (masks: readonly MaskInput[]): Promise<Loader> => {
      const key = JSON.stringify(masks);
      if (held?.masks === key) return held.loader;
      await close();
      held = { masks: key, loader: await open(masks) };
      return held.loader;
    },
    close,
  };
};

/** One warning for each callback that watches what is not measured. */
const idleCallbacks = ({ plan }: CompiledStage, validation: boolean): readonly string[] => {
  const { early_stopping, reduce_lr_on_plateau, checkpoint } = plan;
  const watching = Object.entries({ early_stopping, reduce_lr_on_plateau, checkpoint });
  return watching.flatMap(([name, callback]) =>
    callback?.monitor.startsWith('val_') && !validation ? [idleMessage(name, callback.monitor, plan.name)] : [],
  );
};

/** A stage in which every layer is frozen has no epochs. */
const trainableStage = (stage: CompiledStage): CompiledStage =>
  stage.trained.trainable.size === 0 && stage.plan.epochs > 0
    ? { ...stage, plan: { ...stage.plan, epochs: 0 } }
    : stage;

/** The slots of the stage before, where this stage has a slot of the same name and size; its own initial ones elsewhere. */
const keepSlots = async (session: EngineSession, before: Weights): Promise<void> => {
  const own = await session.slots();
  const kept = [...own].map(([name, values]) => {
    const old = before.get(name);
    return [name, old?.length === values.length ? old : values] as const;
  });
  await session.setSlots(new Map(kept));
};

const announce = ({ compiled, engine, data, listener }: TrainRequest, device: string): void =>
  listener({
    type: 'run_started',
    run: compiled.plan.name,
    engine: engine.name,
    device,
    model: compiled.model.name,
    parameters: parametersOf(compiled, compiled.stages.at(-1)!),
    images: {
      train: data.train.length,
      validation: data.validation?.indices.length ?? 0,
      test: data.test.length,
      probe: data.probe.length,
    },
    classes: data.classes,
    epochs: compiled.stages.reduce((sum, stage) => sum + trainableStage(stage).plan.epochs, 0),
    stages: compiled.stages.map(({ plan }) => ({ name: plan.name, epochs: plan.epochs, batch: plan.batch })),
  });

/** What a stage takes over from the one before. */
interface Handover {
  readonly weights: Weights;
  /** Null where the optimizer starts afresh. */
  readonly slots: Weights | null;
  /** State of the stage before; null for the first. */
  readonly before: TrainerState | null;
}

const statusOf = (how: StageEnd['how'], aborted: boolean): RunResult['status'] => {
  if (how === 'diverged' || how === 'failed') return how;
  if (how === 'interrupted' || aborted) return 'interrupted';
  return how === 'stopped' ? 'early_stopped' : 'done';
};

/** One line. */
const reasonOf = ({ error }: Fault): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*[\r\n]+\s*/g, ' ').trim();

/** What all stages of a run share. */
interface RunContext {
  readonly run: TrainRequest;
  readonly clock: () => number;
  readonly saving: CheckpointClock;
  readonly loaders: ReturnType<typeof loaderShelf>;
}

/** The stage to be run, after what there is to warn of; null where it is left out: behind a resumed run, or without epochs and not the last. */
const stageAt = ({ compiled, data, listener, resume }: TrainRequest, index: number): CompiledStage | null => {
  const given = compiled.stages[index]!;
  const stage = trainableStage(given);
  if (stage !== given) {
    listener({ type: 'warning', message: `Stage "${stage.plan.name}" trains nothing: every layer is frozen.` });
  }
  const last = index === compiled.stages.length - 1;
  if (index < (resume?.state.stage ?? 0) || (stage.plan.epochs === 0 && !last)) return null;
  for (const message of idleCallbacks(stage, data.validation !== null)) listener({ type: 'warning', message });
  return stage;
};

/** The request of a stage in its opened session: a resumed one goes on where it was, others begin with what they take over. */
const beginStage = async (
  { run, clock, saving }: RunContext,
  index: number,
  stage: CompiledStage,
  session: EngineSession,
  loader: Loader,
  { slots, before }: Handover,
): Promise<StageRequest> => {
  const resumed = run.resume?.state.stage === index ? run.resume : null;
  if (resumed) await session.setSlots(resumed.slots);
  else if (slots !== null && stage.plan.keep_optimizer) await keepSlots(session, slots);
  const state = resumed?.state ?? freshState(index, stage.plan, before);
  const { best = null, average = null, epoch = null } = resumed ?? {};
  return { run, clock, saving, stage, session, loader, state, best, average, epoch };
};

/** What the next stage takes over, or what the run ends with. */
type StageOutcome =
  | { readonly ends: false; readonly handover: Handover }
  | { readonly ends: true; readonly end: StageEnd; readonly measured: FinalScores; readonly weights: Weights };

/** The features that the stage trains from instead of its images; null where it takes images. */
const featuresOf = async (
  { compiled, engine, cache, listener }: TrainRequest,
  stage: CompiledStage,
  session: EngineSession,
  images: Loader,
  weights: Weights,
): Promise<OpenFeatures | null> => {
  if (!cache) return null;
  const warn = (message: string): void => listener({ type: 'warning', message });
  return openFeatures({ settings: cache, compiled, stage, engine, session, weights, images, warn });
};

const runStage = async (
  context: RunContext,
  index: number,
  stage: CompiledStage,
  handover: Handover,
  first: boolean,
): Promise<StageOutcome> => {
  const { run } = context;
  const { compiled, engine, device, listener } = run;
  const { name, epochs } = stage.plan;
  listener({ type: 'preparing', run: compiled.plan.name, what: `loading the graphs of stage "${name}"` });
  const session = await engine.open({ model: compiled.model, stage, weights: handover.weights, device });
  let features: OpenFeatures | null = null;
  try {
    const images = await context.loaders.for(stage.masks);
    features = await featuresOf(run, stage, session, images, handover.weights);
    const request = await beginStage(context, index, stage, session, features?.loader ?? images, handover);
    if (first) announce(run, session.device);
    const { trainable } = parametersOf(compiled, stage);
    listener({ type: 'stage_started', run: compiled.plan.name, stage: name, epochs, trainable });
    const end = await trainStage(request);
    const weights = await session.weights();
    const next = compiled.stages[index + 1];
    if (next && (end.how === 'completed' || end.how === 'stopped')) {
      const slots = next.plan.keep_optimizer ? await session.slots() : null;
      return { ends: false, handover: { weights, slots, before: end.state } };
    }
    return { ends: true, weights, end, measured: await finalScores(request, end) };
  } finally {
    await features?.close();
    await session.close();
  }
};

/**
 * Trains all stages of a run and measures the result. Emits every event of the run but the last one, `run_finished`: whoever
 * keeps the result says so once it is safe. What ends it behind its first step comes back as the outcome's fault, where the engine still
 * answers; other errors pass through. Everything opened here is closed.
 */
export const trainRun = async (run: TrainRequest): Promise<TrainOutcome> => {
  const { compiled, signal } = run;
  const clock = run.clock ?? (() => performance.now());
  const begun = clock();
  const loaders = loaderShelf(run.openLoader);
  const saving = checkpointClock(clock, run.checkpoints ?? null);
  const names = frozenNames(compiled);
  let handover: Handover = { weights: run.resume?.weights ?? run.weights, slots: null, before: null };
  const before = hashWeights(names, handover.weights);
  let first = true;
  try {
    for (const index of compiled.stages.keys()) {
      const stage = stageAt(run, index);
      if (stage === null) continue;
      const outcome = await runStage({ run, clock, saving, loaders }, index, stage, handover, first);
      first = false;
      if (!outcome.ends) {
        handover = outcome.handover;
        continue;
      }
      const { end, weights, measured } = outcome;
      const { scores } = measured;
      const fault: Fault | null = end.how === 'failed' ? { error: end.error } : measured.fault;
      const { frozen, changed } = compareFrozen(before, hashWeights(names, weights));
      if (changed.length > 0) run.listener({ type: 'warning', message: driftMessage(compiled.plan.name, changed) });
      const result: RunResult = {
        name: compiled.plan.name,
        status: statusOf(end.how, signal.aborted),
        seconds: (clock() - begun) / 1000,
        epochs: end.state.finished,
        ...scores,
        gap: gapOf(scores),
        parameters: parametersOf(compiled, compiled.stages.at(-1)!),
        frozen,
        folder: run.folder,
        ...(fault === null ? {} : { reason: reasonOf(fault) }),
      };
      return { result, weights, fault };
    }
  } finally {
    await loaders.close();
  }
  throw new RangeError(`run "${compiled.plan.name}" has no stages`);
};
