// Noun: an opened data source. Pixels are bytes, row-major, channels last.
import type { ClassChoice } from '../../compiler/leaf/class-choice.ts';
import type { ImageShape, Interpolation, SourcePlan } from '../../compiler/plan/plan.ts';

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
  /**
   * Writes image `index` of a split into `into` (height * width * channels bytes). Pure: same index, same bytes. Files are decoded in threads,
   * several at a time: they are there when the promise is kept.
   */
  read(split: 'train' | 'test', index: number, into: Uint8Array): void | Promise<void>;
  /**
   * What tells image `index` from every other, in any source: 16 bytes, the same where `read` gives the same bytes from the same
   * origin. Cheaper than reading where an image must be decoded or drawn for that.
   */
  digest(split: 'train' | 'test', index: number): Uint8Array;
  /** The file of image `index`; sources that have none of their own leave it away. */
  readonly fileOf?: ((split: 'train' | 'test', index: number) => string) | undefined;
  close(): void;
}

/**
 * What image files are brought to as they are decoded: they differ in size, and a source has one. A source whose images all
 * have one size takes no notice, and leaves resizing to the kernel.
 */
export interface Wanted {
  readonly image: ImageShape;
  readonly interpolation: Interpolation;
  /** Takes the mean of all pixels covered when shrinking. */
  readonly antialias: boolean;
}

/** Opens a source, of which `choice` keeps some classes; works in any thread. Throws DataError. */
export type OpenSource = (plan: SourcePlan, wanted?: Wanted, choice?: ClassChoice | null) => Promise<Source>;

/** Data cannot be read: one clear line with the cure, and one more for each of several things that are wrong. Exit code 2. */
export class DataError extends Error {
  readonly details: readonly string[];
  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
