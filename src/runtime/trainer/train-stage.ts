// Verb: one stage: epoch after epoch with its callbacks, until all are done, one stops it, or it ends before its time.

import { type Decision, endOfEpoch } from './end-of-epoch.ts';
import { completed, diverged, failed, interrupted, say } from './end-stage.ts';
import { runEpoch } from './run-epoch.ts';
import { saveCheckpoint } from './save-checkpoint.ts';
import { KEPT, type Progress, type StageEnd, type StageRequest } from './stage-request.ts';

/** The session keeps what the stage may have to go back to. */
const begin = async ({ session, best, average, epoch }: StageRequest): Promise<void> => {
  if (best) await session.keep(KEPT.best, best);
  if (average) await session.keep(KEPT.average, average);
  await session.keep(KEPT.epoch, epoch ?? undefined);
};

/** Does what the callbacks decided. `epoch` counts from 1 over all stages. */
const carryOut = async (request: StageRequest, epoch: number, decisions: readonly Decision[]): Promise<void> => {
  const { run, session } = request;
  for (const decision of decisions) {
    if (decision.kind === 'keep_best') await session.keep(KEPT.best);
    else if (decision.kind === 'save') await run.checkpoints?.saveWeights(decision.name, await session.weights());
    else say(request, epoch, decision.name, decision.message);
  }
};

/** Trains the stage in its session, which holds the kept weights when this returns. */
export const trainStage = async (request: StageRequest): Promise<StageEnd> => {
  const { run, stage, session, saving } = request;
  const { checkpoints, signal } = run;
  const plan = checkpoints ? stage.plan : { ...stage.plan, checkpoint: null };
  let progress: Progress = { state: request.state, scores: null };
  await begin(request);
  while (progress.state.epoch < plan.epochs && !progress.state.stopped) {
    if (signal.aborted) return interrupted(request, progress);
    const outcome = await runEpoch(request, progress.state);
    if (outcome.how === 'diverged') return diverged(request, outcome.state, outcome);
    if (outcome.how === 'interrupted') return interrupted(request, { state: outcome.state, scores: null });
    if (outcome.how === 'failed') return failed(request, { state: outcome.state, scores: null }, outcome.error);
    const { state, decisions } = endOfEpoch(plan, outcome.state, outcome.measured);
    progress = { state, scores: outcome.state.last };
    await session.keep(KEPT.epoch);
    await carryOut(request, state.finished, decisions);
    const last = state.stopped || state.epoch === plan.epochs;
    if (last || saving.due()) await saveCheckpoint(request, state);
  }
  return completed(request, progress);
};
