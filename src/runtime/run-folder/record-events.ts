// Verb: events → lines of events.jsonl and history.csv of a run folder, written at the end of each epoch.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Written } from '../checkpoint/write-checkpoint.ts';
import type { Listener, RunEvent } from '../events.ts';
import { sumsFile } from './checksums.ts';
import { systemCode } from './disk.ts';
import { historyHeader, historyRow } from './history.ts';
import { eventsFile } from './read-events.ts';
import type { Disk, PastEvents } from './run-folder.ts';

/** Events are written to disk at the end of an epoch and whenever so many characters have gathered. */
const flushAt = 1 << 16;

export interface EventRecorder {
  /** Takes an event; it is on the disk at the end of its epoch. */
  readonly listener: Listener;
  /** Writes one more event and all that waits. Throws what the disk throws. */
  end(event: RunEvent): void;
  /** Writes all that waits. Throws what the disk throws. */
  flush(): void;
  /** The files are gone: they are written anew, with all but the steps. */
  lost(): void;
  /** What of events.jsonl is on the disk. */
  written(): Written;
}

/** Too many to be kept in memory, and worth nothing once their epoch is over. */
const passing: ReadonlySet<RunEvent['type']> = new Set(['step', 'evaluating', 'preparing']);

const lineOf = (event: RunEvent): string => `${JSON.stringify(event)}\n`;
const rowOf = (event: RunEvent): string => (event.type === 'epoch_finished' ? historyRow(event) : '');

/** A text file that grows, and what is known of its bytes on the disk. */
const growingFile = (disk: Disk, path: string, begun: string) => {
  let hash = createHash('sha256');
  let bytes = 0;
  /** What is to be written; the first time with what the file begins with, and then the file is made or replaced whole. */
  let pending = begun;
  let isThere = false;
  return {
    add: (text: string): void => {
      pending += text;
    },
    waiting: (): number => pending.length,
    flush: (): void => {
      if (isThere && pending === '') return;
      if (isThere) disk.appendFile(path, pending);
      else disk.rewrite(path, pending);
      isThere = true;
      hash.update(pending);
      bytes += Buffer.byteLength(pending);
      pending = '';
    },
    /** It is gone, and begins anew with this text. */
    lost: (text: string): void => {
      hash = createHash('sha256');
      bytes = 0;
      pending = text;
      isThere = false;
    },
    written: (): Written => ({ bytes, sha256: hash.copy().digest('hex') }),
  };
};

/**
 * `folder` is the one under construction. `past`: of a run that goes on, what the files keep. As long as an earlier checkpoint counts, its
 * part of events.jsonl stays as it is.
 */
export const recordEvents = (disk: Disk, folder: string, past: PastEvents | null): EventRecorder => {
  const events = growingFile(disk, join(folder, eventsFile), past?.text ?? '');
  const history = growingFile(
    disk,
    join(folder, 'history.csv'),
    historyHeader + (past?.events ?? []).map(rowOf).join(''),
  );
  /** All so far without the events that pass: what is written where the files are lost. */
  const kept: RunEvent[] = [...(past?.events ?? [])];
  /** The checkpoint knows of another history than the file will have: it is written with the next one. */
  let held = past !== null && past.text === '';
  let stale = past !== null;
  const record = (event: RunEvent): void => {
    events.add(lineOf(event));
    history.add(rowOf(event));
    if (!passing.has(event.type)) kept.push(event);
  };
  const flush = (): void => {
    // the sums of a run that goes on are those of the files before
    if (stale) disk.rewrite(join(folder, sumsFile), '');
    stale = false;
    held = false;
    events.flush();
    history.flush();
  };
  return {
    listener: (event) => {
      record(event);
      if (held || (event.type !== 'epoch_finished' && events.waiting() < flushAt)) return;
      try {
        flush();
      } catch (error) {
        // What could not be written is still pending: the next flush tries again, and the last one says so.
        if (systemCode(error) === null) throw error;
      }
    },
    end: (event) => {
      record(event);
      flush();
    },
    flush,
    lost: () => {
      events.lost(kept.map(lineOf).join(''));
      history.lost(historyHeader + kept.map(rowOf).join(''));
    },
    written: events.written,
  };
};
