// Verb: a stage under way → its checkpoint.
import { KEPT, type StageRequest } from './stage-request.ts';
import type { TrainerState } from './trainer.ts';

/** Writes everything that the run needs to go on from here. */
export const saveCheckpoint = async ({ run, session, saving }: StageRequest, state: TrainerState): Promise<void> => {
  await run.checkpoints?.save({
    state,
    weights: await session.weights(),
    slots: await session.slots(),
    best: await session.kept(KEPT.best),
    average: await session.kept(KEPT.average),
  });
  saving.saved();
};
