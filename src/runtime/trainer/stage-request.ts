// Nouns: what a stage is trained with, and how it ended.
import type { CompiledStage } from '../../compiler/compiled-run.ts';
import type { EngineSession, Weights } from '../engine/engine.ts';
import type { Loader } from '../loader/loader.ts';
import type { CheckpointClock } from './checkpoint-clock.ts';
import type { EpochScores, TrainerState, TrainRequest } from './trainer.ts';

export interface StageRequest {
  readonly run: TrainRequest;
  readonly clock: () => number;
  readonly stage: CompiledStage;
  readonly session: EngineSession;
  readonly loader: Loader;
  readonly state: TrainerState;
  /** Counts over all stages. */
  readonly saving: CheckpointClock;
  /** Kept tensors of a checkpoint that this stage goes on from. */
  readonly best: Weights | null;
  readonly average: Weights | null;
  readonly epoch: Weights | null;
}

export interface StageEnd {
  readonly how: 'completed' | 'stopped' | 'interrupted' | 'diverged' | 'failed';
  /** What it failed of. */
  readonly error?: unknown;
  readonly state: TrainerState;
  /** Scores of exactly the weights that the session holds now; null where they were not measured. */
  readonly scores: EpochScores | null;
}

/** A stage under way: the state, and the scores of the weights that the session holds. */
export interface Progress {
  readonly state: TrainerState;
  readonly scores: EpochScores | null;
}

/** Names under which a session keeps weights: after the last epoch, the best so far, their moving average. */
export const KEPT = { epoch: 'epoch', best: 'best', average: 'average' } as const;

/** Where a moment of a stage is in the run; `epoch` counts from 1 over all stages. */
export const placeOf = ({ run, stage }: StageRequest, epoch: number) => ({
  run: run.compiled.plan.name,
  stage: stage.plan.name,
  epoch,
});
