// Noun: the folder that holds a run. It is built under a temporary name beside its place and appears whole or not at all.
import type { Topology } from '../../compiler/layers/layers.ts';
import type { Weights } from '../engine/engine.ts';
import type { Listener, RunResult } from '../events.ts';
import type { CheckpointSink } from '../trainer/trainer.ts';
import type { ExtraFiles } from './extra-files.ts';
import type { ModelMetadata } from './model-metadata.ts';

/** The folder cannot be written or read: one clear line with the cure. Exit code 2. */
export class RunFolderError extends Error {}

export interface RunFolderRequest {
  /** Folder of all runs, `runs` unless the person says otherwise. */
  readonly root: string;
  readonly pipeline: string;
  readonly time: Date;
  /** Name of the run where the file has several: its folder is then a subfolder. */
  readonly run: string | null;
  /** Texts by file name: the pipeline and its plan. */
  readonly texts: Readonly<Record<string, string>>;
  /** Binary files by name: the training graph. */
  readonly binaries: Readonly<Record<string, Uint8Array>>;
  /** More files by name, `report.html` or `predictions/test.csv`: names that no other file has. */
  readonly extras?: ExtraFiles;
  readonly model: ModelFiles;
  readonly listener: Listener;
  /** Seconds between checkpoints; default 30. */
  readonly checkpointEvery?: number;
  /** A folder that a killed process left, which this run goes on from: nobody is told of it. */
  readonly resumes?: string;
  readonly disk?: Disk;
}

/** What `model/model.json` says besides the weights' values. */
export interface ModelFiles {
  readonly topology: Topology;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly generatedBy: string;
  readonly metadata: ModelMetadata;
}

/** An opened run folder. Ends with `commit` or `discard`. */
export interface RunFolder {
  /** Where the folder will be: below `root` as that was given. */
  readonly path: string;
  /** Where it is built. */
  readonly partial: string;
  /** Records events and history. */
  readonly listener: Listener;
  readonly checkpoints: CheckpointSink;
  /**
   * Writes the model, the result and named extra files, and moves the folder to its place. The result that comes back names
   * that place. Throws RangeError for a name that an extra file cannot have.
   */
  commit(result: RunResult, weights: Weights, extras?: ExtraFiles): Promise<RunResult>;
  /** Removes everything. */
  discard(): Promise<void>;
}

/** The file operations that a run folder needs; tests hand in a disk that fails. */
export interface Disk {
  mkdir(path: string): Promise<void>;
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  /** Returns when the bytes are on the disk, not only in the system's memory. */
  writeDurably(path: string, data: Uint8Array): Promise<void>;
  /** Overwrites from the start without giving the file's blocks back first. */
  overwrite(path: string, data: Uint8Array): Promise<void>;
  appendFile(path: string, data: string): void;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Removes a folder if it is empty, otherwise leaves it. */
  removeEmpty(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder; empty when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Free bytes for this user. */
  free(path: string): Promise<number>;
}
