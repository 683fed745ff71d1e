// Verb: a file that is wanted → its path in the cache: found there, or fetched once, checked, and put there whole.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotFetch, cannotWrite, digestOf, RequestFault, type Wish } from './download-error.ts';
import { type FetchSettings, fetchPart, openFile, WriteFault } from './fetch-part.ts';
import { adoptPart, dropPart, type Part, releasePart, sweepParts } from './part-file.ts';
import { type DownloadProgress, megabytes, progressMeter } from './progress.ts';

export interface DownloadWish extends Wish {
  /** Bytes, where known: for progress and as a bound; the hash decides. */
  readonly size?: number | undefined;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download; what came stays and is resumed by the next one. */
  readonly signal: AbortSignal;
  /** Requests after the first that may fail for a passing reason; default 8. */
  readonly retries?: number;
  /** Milliseconds without a byte that count as stalled; default 30000. */
  readonly stall?: number;
  /** Milliseconds before retry `n` (from 1); default 1, 2, 4 … 30 s. */
  readonly pause?: (n: number) => number;
  readonly openFile?: FetchSettings['openFile'];
}

/** Longest file where no size is known, bytes. */
const LIMIT = 4e9;
const LONGEST_PAUSE_MS = 30_000;
const defaultPause = (n: number): number => Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (n - 1));

/** Digest of a file as hex digits. */
export const hashFile = async (path: string, algorithm: 'md5' | 'sha256'): Promise<string> => {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
};

/** There is a file, and it has the hash (where one is known). */
export const fileFits = async (path: string, hash: string | null): Promise<boolean> => {
  const known = await stat(path).catch(() => null);
  return known?.isFile() === true && (hash === null || (await hashFile(path, digestOf(hash))) === hash);
};

/**
 * The path of the file in its folder. A file with the right hash (or any, where no hash is known) is used as it is; one with another
 * hash is fetched again and replaced once the new one is whole. Two processes may want the same file at once: each writes a part of
 * its own, and the last rename wins. Throws DownloadError, or the signal's reason.
 */
export const ensureFile = async (wish: DownloadWish): Promise<string> => {
  const { folder, file, hash, signal } = wish;
  const path = join(folder, file);
  signal.throwIfAborted();
  if (await fileFits(path, hash)) return path;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw cannotWrite(wish, error);
  });
  let part: Part | null = await adoptPart(folder, file, hash !== null);
  for (let tries = 0; ; tries++) {
    const whole = await download(wish, part);
    if (await fileFits(whole.path, hash)) {
      await settle(wish, whole, path);
      return path;
    }
    await dropPart(whole);
    if (tries === 1)
      throw cannotFetch(wish, `what the server sends is another file (wrong ${digestOf(hash ?? '')}, twice)`);
    part = null;
  }
};

const settle = async (wish: DownloadWish, part: Part, path: string): Promise<void> => {
  try {
    await rename(part.path, path);
  } catch (error) {
    await rm(part.path, { force: true });
    throw cannotWrite(wish, error);
  } finally {
    releasePart(part);
  }
  await sweepParts(wish.folder, wish.file);
};

/** Requests until the part is whole. */
const download = async (wish: DownloadWish, from: Part | null): Promise<Part> => {
  const { url, folder, file, signal, size } = wish;
  const meter = progressMeter(file, () => performance.now());
  const settings: FetchSettings = {
    url,
    folder,
    file,
    signal,
    stall: wish.stall ?? 30_000,
    limit: size === undefined ? LIMIT : 2 * size,
    openFile: wish.openFile ?? openFile,
    onBytes: (bytes, total) => {
      const progress = meter(bytes, total ?? size ?? null);
      if (progress) wish.onProgress?.(progress);
    },
  };
  let part = from;
  for (let tries = 0; ; tries++) {
    const fetched = await fetchPart(part, settings).catch((error: unknown) => {
      throw error instanceof WriteFault ? cannotWrite(wish, error.cause) : error;
    });
    part = fetched.part;
    if (fetched.fault === null && part !== null) return part;
    const fault = fetched.fault ?? new RequestFault('the server sent nothing', true);
    if (signal.aborted || !retries(fault, part) || tries >= (wish.retries ?? 8)) {
      if (part) releasePart(part);
      signal.throwIfAborted();
      throw cannotFetch(wish, `${fault.message}${tried(tries)}${came(part)}`);
    }
    await pause(wish, fault, tries + 1);
  }
};

/** Once bytes came the address is right: then every fault of the network may pass. */
const retries = ({ transient }: RequestFault, part: Part | null): boolean => transient || part !== null;

const tried = (tries: number): string => (tries === 0 ? '' : ` (tried ${tries + 1} times)`);
const came = (part: Part | null): string =>
  part === null ? '' : `; ${megabytes(part.bytes)} came and are kept, the next run goes on from there`;

const pause = async (
  { signal, pause: pauseOf = defaultPause }: DownloadWish,
  fault: RequestFault,
  n: number,
): Promise<void> => {
  const ms = Math.min(LONGEST_PAUSE_MS, fault.retryAfter ?? pauseOf(n));
  await sleep(ms, undefined, { signal }).catch(() => {});
};
