// Verb: text to a file that is never half written: under a temporary name first, then renamed.
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { CommandError } from './fail.ts';

/** Replaces a file that exists; its mode stays, and a link goes on pointing to it. Throws CommandError. */
export const writeFile = (file: string, text: string): void => {
  let partial: string | null = null;
  try {
    const target = realpathSync(file);
    partial = `${target}.partial-${process.pid}`;
    writeFileSync(partial, text, { mode: statSync(target).mode });
    renameSync(partial, target);
  } catch (error) {
    if (partial !== null) rmSync(partial, { force: true });
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
};
