// Verb: text to a file that is never half written: under a temporary name first, then renamed.
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { CommandError } from './fail.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'no room is left on the disk',
};

/** The file and why it cannot be written, in words. */
export const cannotWrite = (file: string, error: unknown): CommandError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new CommandError(`${file} cannot be written: ${reasons[code] ?? (code || String(error))}`);
};

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
    throw cannotWrite(file, error);
  }
};
