// Verb: an internal error → an id, and a file that has its stack: what a report of it needs.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../src/runtime/cache/cache-root.ts';
import { version } from './version.ts';

export interface LoggedFault {
  /** Eight hexadecimal digits, the same for the same fault in the same version. */
  readonly id: string;
  /** Null where it could not be written. */
  readonly file: string | null;
}

/** Stacks of the error and of what caused it. */
const stackOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
};

/** The stack without the folders of this machine decides the id. */
const idOf = (stack: string): string => {
  const places = stack.replace(/\(?(file:\/\/)?\S*\/([^/\s]+:\d+:\d+)\)?/g, '$2');
  return createHash('sha256').update(places).digest('hex').slice(0, 8);
};

/** Writes to a temporary name, then renames. */
const writeLog = (file: string, text: string): boolean => {
  const partial = `${file}.partial-${process.pid}`;
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, file);
    return true;
  } catch {
    return false;
  }
};

/** Keeps the stack in `faults/<id>.log` of the user's caches. */
export const logFault = (error: unknown): LoggedFault => {
  const stack = stackOf(error);
  const id = idOf(stack);
  const file = join(cacheRoot(), 'faults', `${id}.log`);
  const { platform, arch, versions, argv } = process;
  const head = `tlp ${version}, node ${versions.node}, ${platform} ${arch}\n${JSON.stringify(argv.slice(2))}\n`;
  return { id, file: writeLog(file, `${head}${stack}\n`) ? file : null };
};
