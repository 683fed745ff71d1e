// Verb: a folder under construction → the same, made again when somebody removes it, and marked as written to while its process lives.
import type { Disk } from './run-folder.ts';

/** Milliseconds between two looks. */
const LOOK = 1000;
/** Looks between two marks. */
const MARK = 5;

export interface FolderWatch {
  /** Looks now. Throws what making the folder again throws. */
  look(): Promise<void>;
  stop(): void;
}

/** `make` makes the folder again. Looks that find it gone are never two at once. */
export const watchFolder = (disk: Disk, folder: string, make: () => Promise<void>): FolderWatch => {
  let looking: Promise<void> | null = null;
  let looks = 0;
  const lookOnce = async (): Promise<void> => {
    if (!(await disk.exists(folder))) await make();
  };
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  };
  const timer = setInterval(() => {
    looks += 1;
    // what cannot be made now is tried again, and the checkpoint that it fails says why
    void look()
      .then(() => (looks % MARK === 0 ? disk.touch(folder) : undefined))
      .catch(() => {});
  }, LOOK);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
};
