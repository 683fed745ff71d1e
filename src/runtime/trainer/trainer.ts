// Noun: what the trainer is given, what it remembers between steps, and what it hands back.
import type { CompiledRun } from '../../compiler/compiled-run.ts';
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import type { StagePlan } from '../../compiler/plan/plan.ts';
import type { CacheSettings } from '../cache/feature-cache.ts';
import type { SplitPart } from '../data/split.ts';
import type { Engine, Weights } from '../engine/engine.ts';
import type { Listener, RunResult, Score } from '../events.ts';
import type { Loader } from '../loader/loader.ts';
import { type CheckpointState, startCheckpoint } from './callbacks/checkpoint.ts';
import { type EarlyStoppingState, startEarlyStopping } from './callbacks/early-stopping.ts';
import { type ReduceLrState, startReduceLr } from './callbacks/reduce-lr.ts';
import { emptySums, type RunningSums } from './running-mean.ts';

/** Which images each purpose uses. Training, probe and validation never overlap, but that the probe is part of training. */
export interface TrainData {
  readonly classes: readonly string[];
  /** To train on: the train split without its validation part. */
  readonly train: Uint32Array;
  readonly validation: SplitPart | null;
  /** Indices of the test split; empty when the source has none. */
  readonly test: Uint32Array;
  /** The fixed part of `train` on which the honest train score is measured. */
  readonly probe: Uint32Array;
  /** `train` in the order of this epoch (from 1), from the run's shuffle stream. Pure. */
  readonly shuffled: (epoch: number) => Uint32Array;
}

export interface TrainRequest {
  readonly compiled: CompiledRun;
  readonly engine: Engine;
  /** One of the engine's, or `auto`. */
  readonly device: string;
  readonly data: TrainData;
  /** Opens the loader for a stage's dropout masks; stages with the same masks share one. */
  readonly openLoader: (masks: readonly MaskInput[]) => Promise<Loader>;
  /** Where the run starts: fresh seeded weights, or those of the run it continues. */
  readonly weights: Weights;
  /** The run folder as the result names it. */
  readonly folder: string;
  readonly listener: Listener;
  /** Aborted: the run ends after the current step and keeps what there is. */
  readonly signal: AbortSignal;
  /** Milliseconds, rising. Default: performance.now. */
  readonly clock?: () => number;
  /** Features of frozen layers are kept there; null or left out: computed for every batch. */
  readonly cache?: CacheSettings | null;
  /** Where checkpoints go. */
  readonly checkpoints?: CheckpointSink;
  /** Go on from here instead of from the start. */
  readonly resume?: Checkpoint;
}

export interface CheckpointSink {
  /** Seconds between two checkpoints; the first comes sooner. The end of a stage and an interruption always make one. */
  readonly every: number;
  /** One is wanted at once: those before are lost. */
  wanted?(): boolean;
  save(checkpoint: Checkpoint): Promise<void>;
  /** The weights that the file's `checkpoint` callback keeps; `name` is free of special characters. */
  saveWeights(name: string, weights: Weights): Promise<void>;
}

/** Scores at the end of an epoch: train is the probe. */
export interface EpochScores {
  readonly train: Score;
  readonly validation: Score | null;
}

/** Difference of accuracies, train minus validation. */
export const gapOf = (scores: EpochScores): number | null =>
  scores.validation && scores.train.accuracy - scores.validation.accuracy;

/** Everything the trainer knows besides tensors, at a step boundary. Plain JSON. */
export interface TrainerState {
  /** Index of the stage. */
  readonly stage: number;
  /** Epochs finished in this stage. */
  readonly epoch: number;
  /** Epochs finished in all stages. */
  readonly finished: number;
  /** Steps finished in the epoch under way. */
  readonly step: number;
  /** Running sums of the epoch under way. */
  readonly sums: RunningSums;
  /** Optimizer steps done in the optimizer's life. */
  readonly iteration: number;
  /** The optimizer's rate, as reduced so far and without the schedule's factor. */
  readonly learningRate: number;
  readonly earlyStopping: EarlyStoppingState;
  readonly reduceLr: ReduceLrState;
  readonly checkpoint: CheckpointState;
  /** Scores of the weights that early stopping keeps; `finished` counts their epoch over all stages. */
  readonly best: (EpochScores & { readonly finished: number; readonly monitor: number }) | null;
  /** Scores of the last finished epoch. */
  readonly last: EpochScores | null;
  /** Early stopping has ended the stage. */
  readonly stopped: boolean;
}

/** The state in which a stage begins; `before`: of the stage before it. */
export const freshState = (stage: number, plan: StagePlan, before: TrainerState | null): TrainerState => ({
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

/** A run at a step boundary, ready to go on. */
export interface Checkpoint {
  readonly state: TrainerState;
  readonly weights: Weights;
  readonly slots: Weights;
  /** Of the weights that early stopping keeps, those that the stage changes. */
  readonly best: Weights | null;
  /** Moving average of the trained weights. */
  readonly average: Weights | null;
  /** Inside an epoch: what the stage changes as it was when the epoch began, to go back to where the loss diverges. */
  readonly epoch: Weights | null;
}

/** An error that a run survived. */
export interface Fault {
  readonly error: unknown;
}

export interface TrainOutcome {
  readonly result: RunResult;
  /** What ended the run before its time, or kept it from being measured: `result.reason` is its text. Null: nothing did. */
  readonly fault: Fault | null;
  /** The final weights, by Keras name in Keras' layout. */
  readonly weights: Weights;
}
