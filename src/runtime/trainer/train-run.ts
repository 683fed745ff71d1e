// Verb: a compiled run → its result. Stages in order: weights flow from one to the next, optimizer slots as the plan says.
import type { CompiledRun, CompiledStage } from '../../compiler/compiled-run.ts';
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import type { Part } from '../data/split.ts';
import type { EngineSession, Weights } from '../engine/engine.ts';
import type { RunResult, Score } from '../events.ts';
import type { Loader } from '../loader/loader.ts';
import { startCheckpoint } from './callbacks/checkpoint.ts';
import { startEarlyStopping } from './callbacks/early-stopping.ts';
import { startReduceLr } from './callbacks/reduce-lr.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { idleMessage } from './messages.ts';
import { emptySums } from './running-mean.ts';
import { gapOf, type StageEnd, trainStage } from './train-stage.ts';
import type { EpochScores, TrainerState, TrainOutcome, TrainRequest } from './trainer.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Names of the weights that a stage's optimizer trains (moving statistics are not among them). */
export const trainableNames = (compiled: CompiledRun, stage: CompiledStage): readonly string[] => {
  const statistics = new Set(
    compiled.model.layers.flatMap(({ weights }) => weights.filter((w) => w.kind === 'statistic').map((w) => w.name)),
  );
  return stage.program.state.flatMap(({ weight, updated }) =>
    weight !== null && updated && !statistics.has(weight) ? [weight] : [],
  );
};

/** Parameters of the whole model, and those that a stage trains. */
export const parametersOf = (compiled: CompiledRun, stage: CompiledStage): RunResult['parameters'] => {
  const weights = compiled.model.layers.flatMap((layer) => layer.weights);
  const trainable = new Set(trainableNames(compiled, stage));
  return {
    total: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    trainable: weights.reduce((sum, { name, shape }) => sum + (trainable.has(name) ? sizeOf(shape) : 0), 0),
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
  stage.program.train === null && stage.plan.epochs > 0 ? { ...stage, plan: { ...stage.plan, epochs: 0 } } : stage;

const freshState = (stage: number, plan: CompiledStage['plan'], before: TrainerState | null): TrainerState => ({
  stage,
  epoch: 0,
  finished: before?.finished ?? 0,
  step: 0,
  sums: emptySums,
  iteration: plan.keep_optimizer && before ? before.iteration : 0,
  learningRate: plan.optimizer.lr,
  earlyStopping: startEarlyStopping,
  reduceLr: startReduceLr,
  checkpoint: startCheckpoint,
  best: null,
  last: before?.last ?? null,
  stopped: false,
});

/** The slots of the stage before, where this stage has a slot of the same name and size; its own initial ones elsewhere. */
const keepSlots = async (session: EngineSession, before: Weights): Promise<void> => {
  const own = await session.slots();
  const kept = [...own].map(([name, values]) => {
    const old = before.get(name);
    return [name, old?.length === values.length ? old : values] as const;
  });
  await session.setSlots(new Map(kept));
};

/** Not measured. `null` in JSON. */
const unknown: Score = { loss: Number.NaN, accuracy: Number.NaN };

/**
 * Trains all stages of a run and measures the result. Emits every event of the run but the last one, `run_finished`: whoever
 * keeps the result says so once it is safe. Engine and data errors pass through; everything opened here is closed.
 */
export const trainRun = async (request: TrainRequest): Promise<TrainOutcome> => {
  const { compiled, engine, data, listener, signal, resume } = request;
  const clock = request.clock ?? (() => performance.now());
  const begun = clock();
  const name = compiled.plan.name;
  const lastIndex = compiled.stages.length - 1;
  const shelf = loaderShelf(request.openLoader);
  let announced = false;
  let weights = resume?.weights ?? request.weights;
  let slots: Weights | null = null;
  let before: TrainerState | null = null;

  const announce = (session: EngineSession): void => {
    if (announced) return;
    announced = true;
    listener({
      type: 'run_started',
      run: name,
      engine: engine.name,
      device: session.device,
      model: compiled.model.name,
      parameters: parametersOf(compiled, compiled.stages[lastIndex]!),
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
  };

  /** Scores of the final weights: those known are not measured twice, an interrupted run measures nothing more. */
  const finalScores = async (end: StageEnd, session: EngineSession, loader: Loader, stage: CompiledStage) => {
    const at = { run: name, stage: stage.plan.name, epoch: end.state.finished };
    const measure = (what: 'train' | 'validation' | 'test', visit: Part | null): Promise<Score | null> =>
      visit === null || visit.indices.length === 0
        ? Promise.resolve(null)
        : evaluateSplit({
            session,
            loader,
            visit,
            batch: stage.plan.batch,
            epoch: at.epoch,
            signal,
            clock,
            onStep: (step, steps) => listener({ type: 'evaluating', ...at, what, step, steps }),
          });
    const fallback: EpochScores = end.scores ?? end.state.last ?? { train: unknown, validation: null };
    if (end.how === 'interrupted') return { ...fallback, test: null, complete: false };
    const train = end.scores?.train ?? (await measure('train', { split: 'train', indices: data.probe }));
    const validation = end.scores ? end.scores.validation : await measure('validation', data.validation);
    const test = await measure('test', { split: 'test', indices: data.test });
    return {
      train: train ?? fallback.train,
      validation: validation ?? fallback.validation,
      test,
      complete: !signal.aborted,
    };
  };

  const statusOf = (how: StageEnd['how'], complete: boolean): RunResult['status'] => {
    if (how === 'diverged') return 'diverged';
    if (how === 'interrupted' || !complete) return 'interrupted';
    return how === 'stopped' ? 'early_stopped' : 'done';
  };

  try {
    for (const [index, given] of compiled.stages.entries()) {
      const last = index === lastIndex;
      const stage = trainableStage(given);
      if (stage !== given) {
        listener({ type: 'warning', message: `Stage "${given.plan.name}" trains nothing: every layer is frozen.` });
      }
      if (index < (resume?.state.stage ?? 0) || (stage.plan.epochs === 0 && !last)) continue;
      for (const message of idleCallbacks(stage, data.validation !== null)) listener({ type: 'warning', message });
      const goesOn = resume?.state.stage === index;
      listener({ type: 'preparing', run: name, what: `loading the graphs of stage "${stage.plan.name}"` });
      const { program } = stage;
      const session = await engine.open({ model: compiled.model, program, weights, device: request.device });
      try {
        if (goesOn) await session.setSlots(resume.slots);
        else if (slots !== null && stage.plan.keep_optimizer) await keepSlots(session, slots);
        const loader = await shelf.for(program.masks);
        announce(session);
        const { epochs } = stage.plan;
        const { trainable } = parametersOf(compiled, stage);
        listener({ type: 'stage_started', run: name, stage: stage.plan.name, epochs, trainable });
        const end = await trainStage({
          run: request,
          clock,
          stage,
          session,
          loader,
          trainable: trainableNames(compiled, stage),
          state: goesOn ? resume.state : freshState(index, stage.plan, before),
          best: goesOn ? resume.best : null,
          average: goesOn ? resume.average : null,
        });
        weights = await session.weights();
        if (!last && (end.how === 'completed' || end.how === 'stopped')) {
          before = end.state;
          slots = compiled.stages[index + 1]?.plan.keep_optimizer ? await session.slots() : null;
          continue;
        }
        const { complete, ...scores } = await finalScores(end, session, loader, stage);
        const result: RunResult = {
          name,
          status: statusOf(end.how, complete),
          seconds: (clock() - begun) / 1000,
          epochs: end.state.finished,
          ...scores,
          gap: gapOf(scores),
          parameters: parametersOf(compiled, compiled.stages[lastIndex]!),
          folder: request.folder,
        };
        return { result, weights };
      } finally {
        await session.close();
      }
    }
  } finally {
    await shelf.close();
  }
  throw new RangeError(`run "${name}" has no stages`);
};
