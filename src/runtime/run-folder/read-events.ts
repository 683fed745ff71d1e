// Verb: events.jsonl of a run folder → the events of the epochs that a checkpoint has behind it.
import { createHash } from 'node:crypto';
import type { Written } from '../checkpoint/write-checkpoint.ts';
import type { RunEvent } from '../events.ts';
import { damaged, readText } from './read-file.ts';
import type { PastEvents } from './run-folder.ts';

export const eventsFile = 'events.jsonl';

const cure = 'take the line out, or make the file empty; the run then goes on without the history of those epochs';
const lost = `put an empty file there: the run then goes on without the history of the epochs before`;

/** Types of the events that name an epoch, with what the history reads of them. */
const figures: Readonly<Record<string, readonly string[]>> = {
  epoch_started: [],
  step: [],
  evaluating: [],
  epoch_finished: ['running.loss', 'running.accuracy', 'train.loss', 'train.accuracy', 'learning_rate', 'seconds'],
  callback: [],
};

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? Object.entries(inner).find(([k]) => k === key)?.[1] : undefined,
      value,
    );

/** JSON writes NaN and infinity as null. */
const isFigure = (value: unknown): boolean => typeof value === 'number' || value === null;

const isEpochEvent = (event: object): boolean => {
  const type = at(event, 'type');
  const wanted = typeof type === 'string' ? figures[type] : undefined;
  return (
    wanted !== undefined &&
    Number.isInteger(at(event, 'epoch')) &&
    typeof at(event, 'run') === 'string' &&
    typeof at(event, 'stage') === 'string' &&
    wanted.every((path) => isFigure(at(event, path)))
  );
};

/**
 * Events of the first `finished` epochs, without what callbacks said, and the part of the file that they are from. `written`: what the
 * checkpoint knows of the file. An empty file is a history that was lost. Throws RunFolderError for a line that is no event.
 */
export const readEventsBefore = async (folder: string, finished: number, written: Written): Promise<PastEvents> => {
  const all = await readText(folder, eventsFile, { cure: lost, empty: true });
  const known = Buffer.from(all).subarray(0, written.bytes);
  if (all !== '' && createHash('sha256').update(known).digest('hex') !== written.sha256)
    throw damaged(folder, eventsFile, 'is not as the run left it at its checkpoint', lost);
  const lines = all.split('\n');
  const broken = (index: number) => damaged(folder, eventsFile, `is damaged in line ${index + 1}`, cure);
  const rest = lines.pop() ?? '';
  if (rest !== '' && !rest.startsWith('{')) throw broken(lines.length);
  const events = lines.flatMap((line, index) => {
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      throw broken(index);
    }
    if (typeof event !== 'object' || event === null || typeof at(event, 'type') !== 'string') throw broken(index);
    if (!('epoch' in event)) return [];
    if (!isEpochEvent(event)) throw broken(index);
    const read = event as RunEvent & { readonly epoch: number };
    return read.epoch <= finished && read.type !== 'callback' ? [read] : [];
  });
  return { events, text: known.toString() };
};
