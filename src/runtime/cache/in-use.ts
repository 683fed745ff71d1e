// Verb: mark a cache as in use by this process, and see whether a live process uses it.
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../is-alive.ts';

const MARK = /^using-(.+)-(\d+)-\d+$/;
/** A mark of another machine (a shared folder) counts for so long: whether its process lives cannot be seen. */
const FOREIGN_MILLISECONDS = 24 * 60 * 60 * 1000;

const host = (): string => hostname().replace(/[^A-Za-z0-9.]/g, '_') || 'localhost';

let count = 0;

/** Marks the folder; the answer takes the mark away. Throws the system's error where the folder cannot be written. */
export const markInUse = (folder: string): (() => void) => {
  count += 1;
  const path = join(folder, `using-${host()}-${process.pid}-${count}`);
  writeFileSync(path, '');
  return () => rmSync(path, { force: true });
};

const isLive = (folder: string, name: string): boolean => {
  const [, where, pid] = MARK.exec(name) ?? [];
  if (where === undefined) return false;
  if (where === host()) return isAlive(Number(pid));
  try {
    return Date.now() - statSync(join(folder, name)).mtimeMs < FOREIGN_MILLISECONDS;
  } catch {
    return false;
  }
};

/** Marks of live processes. Marks of dead ones are removed. */
export const usersOf = (folder: string): number => {
  const marks = readdirSync(folder).filter((name) => MARK.test(name));
  const live = marks.filter((name) => isLive(folder, name));
  for (const name of marks) if (!live.includes(name)) rmSync(join(folder, name), { force: true });
  return live.length;
};
