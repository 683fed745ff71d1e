// Verbs: the ways in which a stage ends, each with the weights that it leaves in the session.
import type { CallbackName } from './end-of-epoch.ts';
import { divergedMessage, interruptedMessage, restoredMessage } from './messages.ts';
import { type Divergence, stepsOf } from './run-epoch.ts';
import { saveCheckpoint, soundWeights } from './save-checkpoint.ts';
import { KEPT, type Progress, placeOf, type StageEnd, type StageRequest } from './stage-request.ts';
import type { TrainerState } from './trainer.ts';

/** Tells listeners what a callback did. */
export const say = (request: StageRequest, epoch: number, name: CallbackName, message: string): void =>
  request.run.listener({ type: 'callback', ...placeOf(request, epoch), name, message });

/** Puts the weights that early stopping keeps back into the session. */
const restoreBest = async (request: StageRequest, progress: Progress): Promise<Progress> => {
  const { early_stopping: stopping, ema } = request.stage.plan;
  const { state } = progress;
  const { best } = state;
  if (!stopping?.restore_best || best === null) return progress;
  if (best.finished === state.finished && state.step === 0 && ema === null) return progress;
  await request.session.restore(KEPT.best);
  say(request, state.finished, 'restore_best', restoredMessage(stopping.monitor, best.monitor, best.finished));
  return { state, scores: best };
};

/** All epochs are done, or early stopping ended them. */
export const completed = async (request: StageRequest, progress: Progress): Promise<StageEnd> => {
  const { session, stage } = request;
  const averaged = stage.plan.ema !== null && progress.state.epoch > 0;
  if (averaged) await session.restore(KEPT.average);
  const end = await restoreBest(request, averaged ? { ...progress, scores: null } : progress);
  return { how: end.state.stopped ? 'stopped' : 'completed', ...end };
};

/** The run was told to end: it can be resumed from here. */
export const interrupted = async (request: StageRequest, progress: Progress): Promise<StageEnd> => {
  await saveCheckpoint(request, progress.state);
  const end = await restoreBest(request, progress);
  const { finished, step } = end.state;
  const message = interruptedMessage({ finished, step, steps: stepsOf(request) });
  say(request, step > 0 ? finished + 1 : finished, 'interrupted', message);
  return { how: 'interrupted', ...end };
};

/**
 * The data or an evaluation failed of `error`, the engine did not: it can be resumed from here. Throws where the engine does not
 * answer either.
 */
export const failed = async (request: StageRequest, progress: Progress, error: unknown): Promise<StageEnd> => {
  await saveCheckpoint(request, progress.state);
  return { how: 'failed', error, ...(await restoreBest(request, progress)) };
};

/** Goes back to weights that were sound: the best, or those after the last epoch. */
export const diverged = async (
  request: StageRequest,
  state: TrainerState,
  { loss, where, learningRate, before }: Divergence,
): Promise<StageEnd> => {
  const sound = soundWeights(request, state);
  const best = sound === KEPT.best ? state.best : null;
  await request.session.restore(sound);
  const kept = best
    ? `The best weights, of epoch ${best.finished}, are kept`
    : `The weights from the end of epoch ${state.finished} are kept`;
  say(request, state.finished + 1, 'diverged', divergedMessage({ loss, where, learningRate, before, kept }));
  return { how: 'diverged', state, scores: best ?? state.last };
};
