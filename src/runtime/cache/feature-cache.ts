// Noun: a cache of features: what the frozen layers below the frontier make of each image, by the digest of the image.

/** One value that crosses the frontier, without the batch axis. */
export interface Feature {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a cache is of, for people: `tlp cache` lists it. Nothing is decided by it. */
export interface CacheAbout {
  readonly backbone: string;
  /** The last layers below the frontier. */
  readonly frontier: readonly string[];
  /** Height x width x channels of the images that the layers see. */
  readonly image: string;
  /** Engine and device. */
  readonly engine: string;
  /** What `tlp plan` knows them by; null where only training decides their weights. */
  readonly identity: string | null;
}

/** 16 bytes as latin1 text: the first half of the SHA-256 of an image. */
export type Digest = string;

export const DIGEST_BYTES = 16;

/** An open cache. Rows are numbered in the order in which they were found; a number stays with its row. Always close it. */
export interface FeatureCache {
  readonly key: string;
  readonly features: readonly Feature[];
  /** Rows that can be read now. */
  count(): number;
  /** The row of an image; -1 where there is none. */
  find(digest: Digest): number;
  /**
   * Writes `rows[from .. from + count - 1]` into `into`, one array a feature, one row after the other.
   * False where a row turned out to be damaged or is gone: its rows are no longer found, and `into` is not whole.
   */
  gather(rows: Int32Array, from: number, count: number, into: readonly Float32Array[]): boolean;
  /**
   * Keeps image `index` of `values` (one array a feature, several images); gives its row. -1 where it is not kept: neither disk
   * nor memory takes more.
   */
  append(digest: Digest, values: readonly Float32Array[], index: number): number;
  /** Waits until not more than a few shards are on their way to the disk. */
  drain(): Promise<void>;
  /** Writes what is pending; waits for the disk. */
  close(): Promise<void>;
}

/** Where features are kept, and how many bytes of them. */
export interface CacheSettings {
  /** The folder of all caches, `cacheRoot()`. */
  readonly root: string;
  /** Bytes on the disk, all caches of features together. */
  readonly limit: number;
  /** Bytes in memory. */
  readonly memory: number;
}
