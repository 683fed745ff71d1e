// Verb: the folder under construction of a process that ends at once → kept where the run can go on, else gone.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointFile } from '../runtime/run-folder/open-run-folder.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';

/** `givenUp`: the person wants nothing kept. Does not wait and does not throw: it may run while a process exits. */
export const abandonFolder = ({ partial }: RunFolder, givenUp: boolean): void => {
  if (!givenUp && existsSync(join(partial, checkpointFile))) return;
  try {
    rmSync(partial, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // the next run removes it
  }
};
