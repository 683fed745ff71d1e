// Noun: an opened data source. Pixels are bytes, row-major, channels last.
import type { ImageShape, SourcePlan } from '../../compiler/plan/plan.ts';

export interface Split {
  readonly count: number;
  /** Class index of each image. */
  readonly labels: Uint16Array;
}

export interface Source {
  readonly classes: readonly string[];
  readonly image: ImageShape;
  readonly train: Split;
  /** Empty (count 0) when the source has none. */
  readonly test: Split;
  /** Writes image `index` of a split into `into` (height * width * channels bytes). Pure: same index, same bytes. */
  read(split: 'train' | 'test', index: number, into: Uint8Array): void;
  close(): void;
}

/** Opens a source; works in any thread. Throws DataError. */
export type OpenSource = (plan: SourcePlan) => Promise<Source>;

/** Data cannot be read: one clear line with the cure. Exit code 2. */
export class DataError extends Error {}
