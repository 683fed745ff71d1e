// Verb: the number of a process on this machine → whether it lives. What it left half done is another's to clear away only when it is gone.
import { readFileSync } from 'node:fs';

/** A process of another user, which answers EPERM, lives. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * When a process began, in clock ticks since the machine started (proc(5), field 22 of stat): it tells a process from a later one of the
 * same number. Empty where the system does not say.
 */
export const beginOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name in parentheses may have blanks; field 3 is behind it
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};
