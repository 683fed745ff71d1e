// Verb: a stage at a step boundary → its checkpoint, with which weights it would go back to.
import { KEPT, type StageRequest } from './stage-request.ts';
import type { TrainerState } from './trainer.ts';

/** Where a stage that diverges goes back to: its best weights, where early stopping restores them, else those of the last epoch. */
export const soundWeights = ({ stage }: StageRequest, { best }: TrainerState): typeof KEPT.best | typeof KEPT.epoch =>
  stage.plan.early_stopping?.restore_best && best ? KEPT.best : KEPT.epoch;

/** Writes everything that the run needs to go on from here. */
export const saveCheckpoint = async (request: StageRequest, state: TrainerState): Promise<void> => {
  const { run, session, saving } = request;
  const inside = state.step > 0 && soundWeights(request, state) === KEPT.epoch;
  saving.begun();
  await run.checkpoints?.save({
    state,
    weights: await session.weights(),
    slots: await session.slots(),
    best: await session.kept(KEPT.best),
    average: await session.kept(KEPT.average),
    epoch: inside ? await session.kept(KEPT.epoch) : null,
  });
  saving.saved();
};
