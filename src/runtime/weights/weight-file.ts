// Noun: a file of weights as its layers, whatever wrote it; its tensors are read when asked for.

/** What a file was recognised as, by its bytes and structure. */
export type WeightFileKind = keyof typeof kindNames;

/** Each kind in words, for messages. */
export const kindNames = {
  'keras-h5': 'a Keras H5 file',
  'keras-weights': 'a Keras .weights.h5 file',
  keras: 'a .keras file',
  tfjs: 'a tfjs layers model',
  safetensors: 'a safetensors file',
  run: 'a run folder',
} as const;

/** One tensor of a file. */
export interface TensorEntry {
  /** Its number in this file, what `read` takes. */
  readonly id: number;
  /** Its last name, without `:0`: `kernel`, or `0` where the file has numbers alone. */
  readonly variable: string;
  /** Where it is in the file, for messages. */
  readonly path: string;
  readonly shape: readonly number[];
}

/** A layer of the file that owns tensors. */
export interface LayerGroup {
  /** The layer's name; empty where the file has none. */
  readonly name: string;
  /** The model inside the model that it belongs to; empty outermost. */
  readonly scope: string;
  /** Its class as Keras' file names have it (`batch_normalization`); null where the file does not say. */
  readonly class_name: string | null;
  /** Where it is in the file. */
  readonly path: string;
  /** In the file's order. */
  readonly tensors: readonly TensorEntry[];
}

/** What a reader finds before it reads any values. */
export interface Catalogue {
  readonly kind: WeightFileKind;
  /** `layers`: in the order of the model's layers; `classes`: in that order within each class alone. */
  readonly order: 'layers' | 'classes';
  /** False where the file does not keep shapes: each tensor then has one axis. */
  readonly shaped: boolean;
  readonly groups: readonly LayerGroup[];
}

/** An open weight file. Close it. */
export interface WeightFile extends Catalogue {
  readonly path: string;
  /** The values of these tensors as float32, in Keras' layout, in the order asked; one call at a time. Throws WeightFileError. */
  readonly read: (tensors: readonly TensorEntry[], signal?: AbortSignal) => Promise<readonly Float32Array[]>;
  readonly close: () => Promise<void>;
}

/** What a reader gives; `openWeightFile` adds the path. */
export type OpenedFile = Omit<WeightFile, 'path'>;

/** The file cannot be used. The message begins with a verb (`is cut short`), its subject is the file. */
export class WeightFileError extends Error {}

/** Values of a shape; a scalar has one. */
export const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
