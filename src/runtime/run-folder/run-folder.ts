// Noun: the folder that holds a run. It is built under a temporary name beside its place and appears whole or not at all.
import type { Topology } from '../../compiler/layers/layers.ts';
import type { Weights } from '../engine/engine.ts';
import type { Listener, RunEvent, RunResult } from '../events.ts';
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
  /** Where the file has several runs: the name of this one, and the folder in which each has a folder of its own. */
  readonly run: { readonly name: string; readonly common: string } | null;
  /** The run goes on in a folder, which keeps its place. */
  readonly resume?: { readonly folder: string; readonly past: PastEvents };
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
  readonly disk?: Disk;
}

/** What happened before the checkpoint from which a run goes on. */
export interface PastEvents {
  /** Of the epochs behind it. */
  readonly events: readonly RunEvent[];
  /** The part of events.jsonl that the checkpoint has behind it; empty where there is none. */
  readonly text: string;
}

/** What `model/model.json` says besides the weights' values. */
export interface ModelFiles {
  readonly topology: Topology;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly generatedBy: string;
  readonly metadata: ModelMetadata;
}

/** An opened run folder. Ends with `commit`, `leave` or `discard`. */
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
  /**
   * The run ended without a model. What was learned stays, to be resumed: where. A folder in which nothing was learned is gone: null.
   */
  leave(): Promise<string | null>;
  /** Removes everything; a resumed folder is again as it was. */
  discard(): Promise<void>;
  /** The same at once, while the process exits. */
  discardNow(): void;
}

/** The file operations that a run folder needs; tests hand in a disk that fails. */
export interface Disk {
  mkdir(path: string): Promise<void>;
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  /** Overwrites from the start without giving the file's blocks back first. */
  overwrite(path: string, data: Uint8Array): Promise<void>;
  appendFile(path: string, data: string): void;
  /** Makes or replaces a file in one go. */
  rewrite(path: string, data: string): void;
  /** Writes a file of these parts; returns when they are on the disk, not only in the system's memory. */
  writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** A file, or the names in a folder, are on the disk when this is done. */
  flush(path: string): Promise<void>;
  /** Makes an empty folder that nobody else has. Throws EEXIST. */
  claim(path: string): Promise<void>;
  /** Marks a folder as written to now. */
  touch(path: string): Promise<void>;
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
