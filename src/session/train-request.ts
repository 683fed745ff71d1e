// Noun: what is asked of a training: runs, where and how they are trained, and who is told.
import type { TrainablePlan } from '../compiler/plan/trainable.ts';
import type { CacheSettings } from '../runtime/cache/feature-cache.ts';
import type { Engine } from '../runtime/engine/engine.ts';
import type { Listener } from '../runtime/events.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';
import type { Resumption } from './resume-training.ts';

export interface TrainPlanRequest {
  /** Its runs are trained in order. */
  readonly plan: TrainablePlan;
  /** The pipeline as the file has it. */
  readonly text: string;
  /** Of tlp. */
  readonly version: string;
  /** Those that may train, the preferred one first. */
  readonly engines: readonly Engine[];
  /** A device of one of them, or `auto`. */
  readonly device: string;
  readonly limit?: number | undefined;
  /** Where features of frozen layers are kept; null or left out: they are computed for every batch. */
  readonly cache?: CacheSettings | null;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
  /** Folder of all runs; runs that go on stay where they were. */
  readonly out: string;
  /** Each is told of every event. */
  readonly listeners: readonly Listener[];
  /** Aborted: the run under way ends after its step and is kept; no other begins. */
  readonly signal: AbortSignal;
  /** Seconds between checkpoints; default 30, the first ones earlier. */
  readonly checkpointEvery?: number | undefined;
  /** Read all images, so that a changed pixel is noticed when a run goes on. */
  readonly hashData?: boolean | undefined;
  /** A run goes on although its data have changed. */
  readonly acceptChangedData?: boolean | undefined;
  /** Told about the folder under construction, null when there is none. */
  readonly onFolder?: ((folder: RunFolder | null) => void) | undefined;
  /** Told of the folder that an error left, which can be resumed. */
  readonly onKept?: ((folder: string) => void) | undefined;
  /** Told of an error that a run survived: `status` or `reason` of its result say so, too. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Goes on with runs that began. */
  readonly resume?: Resumption | undefined;
}
