// Verb: pipeline, run and moment → names of folders; and which of them a killed process left behind.
import { hostname } from 'node:os';
import { beginOf, isAlive } from '../is-alive.ts';

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

/** Name of the folder under construction of a place: it says which process on which machine builds it. */
export const partialName = (place: string, pid = process.pid): string => {
  const begin = beginOf(pid);
  return `.partial-${place}@${host()}@${pid}${begin === '' ? '' : `-${begin}`}`;
};

/** A folder under construction, by its name. */
export interface PartialFolder {
  /** Name of the folder that it becomes. */
  readonly place: string;
  readonly host: string;
  readonly pid: number;
  /** When the process began; empty where that is not known. */
  readonly begin: string;
}

/** Null for any other name. */
export const readPartialName = (name: string): PartialFolder | null => {
  const match = /^\.partial-(.+)@([^@]*)@(\d+)(?:-(\d+))?$/.exec(name);
  return match && { place: match[1]!, host: match[2]!, pid: Number(match[3]), begin: match[4] ?? '' };
};

/** Whose a folder under construction is: of a process that lives or is gone; `foreign`: of another machine, where nobody can see that. */
export type Owner = 'live' | 'gone' | 'foreign';

/** Whose the folder is. `isThere`: whether a process of this number lives. */
export const ownerOf = (
  partial: PartialFolder,
  isThere: (pid: number) => boolean = isAlive,
  begin: (pid: number) => string = beginOf,
): Owner => {
  if (partial.host !== host()) return 'foreign';
  if (!isThere(partial.pid)) return 'gone';
  return partial.begin !== '' && begin(partial.pid) !== partial.begin ? 'gone' : 'live';
};

/** True for a folder under construction whose process, on this machine, is gone. */
export const isLeftover = (name: string, isThere: (pid: number) => boolean = isAlive): boolean => {
  const partial = readPartialName(name);
  return partial !== null && ownerOf(partial, isThere) === 'gone';
};
