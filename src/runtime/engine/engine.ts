// Noun: an engine runs a compiled stage. `onnx` is the embedded one; others stand behind the same interface.
import type { LayersModel } from '../../compiler/layers/layers.ts';
import type { StepProgram } from '../../compiler/onnx/step-program.ts';

/** Weights by Keras name, in Keras' layout. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** A batch in the layout of the step program. `images` and `labels` may be transferred: do not use them afterwards. */
export interface Batch {
  /** Images in this batch (the last one of an epoch may be shorter). */
  readonly count: number;
  readonly images: Float32Array;
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

/** One stage opened on a device. Calls are answered in order. Always close it. */
export interface EngineSession {
  readonly device: string;
  /** One optimizer step. `iteration` counts from 1 within the optimizer's life. */
  train(batch: Batch, learningRate: number, iteration: number): Promise<StepResult>;
  evaluate(batch: Batch): Promise<StepResult>;
  /** count x classes probabilities. */
  predict(batch: Batch): Promise<Float32Array>;
  /** A copy of the weights now, by Keras name. */
  weights(): Promise<Weights>;
  setWeights(weights: Weights): Promise<void>;
  /** Optimizer slots by state name, for checkpoints. */
  slots(): Promise<Weights>;
  setSlots(slots: Weights): Promise<void>;
  close(): Promise<void>;
}

export type Device = 'cpu' | 'webgpu' | 'cuda';

export interface EngineRequest {
  readonly model: LayersModel;
  readonly program: StepProgram;
  readonly weights: Weights;
  readonly device: Device | 'auto';
}

/** What works on this machine, and why not. Shown by `tlp doctor`. */
export interface DeviceReport {
  readonly engine: string;
  readonly device: Device;
  readonly works: boolean;
  /** One line: what was found, or cause and cure. */
  readonly detail: string;
}

export interface Engine {
  readonly name: string;
  open(request: EngineRequest): Promise<EngineSession>;
  probe(): Promise<readonly DeviceReport[]>;
}

/** The engine or device cannot be used: one clear line with the cure. Exit code 2. */
export class EngineError extends Error {}
