// Noun: an engine runs a compiled stage. `onnx` is the embedded one; others stand behind the same interface.
import type { CompiledStage, Target } from '../../compiler/compiled-run.ts';
import type { LayersModel } from '../../compiler/layers/layers.ts';
import type { FeatureInput } from '../../compiler/onnx/step-program.ts';

/** Weights by Keras name, in Keras' layout. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Float arrays by the names of the stage's inputs, one image after the other: `images`, or the features of its constant prefix. */
export type Inputs = Readonly<Record<string, Float32Array>>;

/** A batch in the layout of the stage. Its arrays may be transferred: do not use them afterwards. */
export interface Batch {
  /** Images in this batch (the last one of an epoch may be shorter). */
  readonly count: number;
  /** `images`, or all features of the prefix, which is then not run. */
  readonly inputs: Inputs;
  /** count x classes shares (one-hot without mixup or cutmix). */
  readonly labels: Float32Array;
  /** Dropout masks by input name; empty for evaluation. */
  readonly masks: Readonly<Record<string, Float32Array>>;
}

export interface StepResult {
  /** Mean over the batch. */
  readonly loss: number;
  /** Right answers in the batch. */
  readonly correct: number;
}

/** What a train step would do, not done yet. */
export interface Gradients extends StepResult {
  /** Gradients of the trained weights, clipped as the stage says, by Keras name in Keras' layout. */
  readonly weights: Weights;
  /** Next values of the moving statistics. */
  readonly statistics: Weights;
}

/**
 * One stage opened on a device. Calls are answered in order. Always close it. Weights stay with the engine: what is kept under a
 * name is a copy, there, of the weights that the stage changes.
 */
export interface EngineSession {
  readonly device: string;
  /** What `embed` gives; null where the stage has no constant prefix. */
  readonly features: readonly FeatureInput[] | null;
  /** Runs the constant prefix alone: its features, which train, evaluate and predict take in place of the images. */
  embed(batch: Batch): Promise<Inputs>;
  /** One optimizer step. `iteration` counts from 1 within the optimizer's life. */
  train(batch: Batch, learningRate: number, iteration: number): Promise<StepResult>;
  evaluate(batch: Batch): Promise<StepResult>;
  /** count x classes probabilities. */
  predict(batch: Batch): Promise<Float32Array>;
  /** The first half of `train`: changes nothing. */
  gradients(batch: Batch): Promise<Gradients>;
  /** The second half: `apply(await gradients(batch), …)` does what `train(batch, …)` does. */
  apply(gradients: Gradients, learningRate: number, iteration: number): Promise<void>;
  /** A copy of all weights now. */
  weights(): Promise<Weights>;
  /** Weights that are not named stay as they are. */
  setWeights(weights: Weights): Promise<void>;
  /** Keeps the weights that the stage changes, as they are now or as given, under a name; what was kept under it goes. */
  keep(name: string, weights?: Weights): Promise<void>;
  /** Puts back what is kept under the name, which must have been kept; it stays kept. */
  restore(name: string): Promise<void>;
  /** A copy of what is kept under the name; null where nothing is. */
  kept(name: string): Promise<Weights | null>;
  release(name: string): Promise<void>;
  /**
   * Moves an average of the trained weights, kept under a name, towards the weights now: average <- m average + (1 - m) weight,
   * m = 0 the first time (Keras 3, optimizers/base_optimizer.py). Statistics have no average.
   */
  average(name: string, momentum: number): Promise<void>;
  /** Optimizer slots by state name, for checkpoints. */
  slots(): Promise<Weights>;
  setSlots(slots: Weights): Promise<void>;
  close(): Promise<void>;
}

export interface EngineRequest {
  readonly model: LayersModel;
  readonly stage: CompiledStage;
  readonly weights: Weights;
  /** One of the engine's devices, or `auto`: the fastest that works. */
  readonly device: string;
}

/** What works on this machine, and why not. Shown by `tlp doctor`. */
export interface DeviceReport {
  readonly engine: string;
  readonly device: string;
  readonly works: boolean;
  /** One line: what was found, or cause and cure. */
  readonly detail: string;
}

export interface Engine {
  readonly name: string;
  /** Of the library that computes: another one may round another way. */
  readonly version: string;
  /** Where it may run, the surest first. */
  readonly devices: readonly string[];
  /** What `compileRun` must make for it. */
  readonly target: Target;
  open(request: EngineRequest): Promise<EngineSession>;
  probe(): Promise<readonly DeviceReport[]>;
}

/** The engine or device cannot be used: one clear line with the cure. Exit code 2. */
export class EngineError extends Error {}
