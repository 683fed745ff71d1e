// Noun: what the loader and its worker say to each other.
import type { Batch } from '../engine/engine.ts';
import type { Fault } from '../fault.ts';
import type { Identified, Pass } from './loader.ts';

/** Batches prepared ahead of the one in use, at most. */
export const AHEAD = 3;

/** To the worker. */
export type ToWorker =
  | { readonly type: 'pass'; readonly id: number; readonly pass: Pass }
  | { readonly type: 'identify'; readonly id: number; readonly split: Pass['split']; readonly indices: Uint32Array }
  /** One batch was taken: another may be prepared. */
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'cancel'; readonly id: number };

/** From the worker. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'batch'; readonly id: number; readonly batch: Batch }
  | { readonly type: 'identified'; readonly id: number; readonly images: Identified }
  | { readonly type: 'end'; readonly id: number }
  /** `id` null: the worker could not start. A user's fault is a DataError. */
  | { readonly type: 'failed'; readonly id: number | null; readonly fault: Fault };
