// Verb: pipeline, run and moment → names of folders; and which of them a killed process left behind.
import { hostname } from 'node:os';
import { isAlive } from '../is-alive.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time as a folder name that sorts: 2026-11-22T14-03-55. */
export const timeName = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T` +
  `${two(time.getHours())}-${two(time.getMinutes())}-${two(time.getSeconds())}`;

/** A run's name as a folder name: letters, digits, `.`, `-` and `_` only, at most 80 of them, never empty or hidden. */
export const slug = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'run';

const host = (): string => slug(hostname()).slice(0, 60);

/** Name of a folder under construction: it says which process on which machine builds it. */
export const partialName = (time: string, run: string | null, pid = process.pid): string =>
  `.partial-${time}${run === null ? '' : `-${slug(run)}`}@${host()}@${pid}`;

/** True for a folder under construction whose process, on this machine, is gone. */
export const isLeftover = (name: string, isThere: (pid: number) => boolean = isAlive): boolean => {
  const match = /^\.partial-.*@([^@]*)@(\d+)$/.exec(name);
  return match !== null && match[1] === host() && !isThere(Number(match[2]));
};

/** The moment that a folder is named for, `2026-11-22T14-03-55-2` or `.partial-2026-11-22T14-03-55@host@12`; null: for none. */
export const timeOf = (name: string): Date | null => {
  const match = /^(?:\.partial-)?(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)(?!\d)/.exec(name);
  if (match === null) return null;
  const [year, month, day, hours, minutes, seconds] = match.slice(1).map(Number);
  return new Date(year!, month! - 1, day, hours, minutes, seconds);
};
