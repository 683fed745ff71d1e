// Verb: events → lines of events.jsonl and history.csv of a run folder, written at the end of each epoch.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Written } from '../checkpoint/write-checkpoint.ts';
import type { Listener, RunEvent } from '../events.ts';
import { systemCode } from './disk.ts';
import { historyHeader, historyRow } from './history.ts';
import { eventsFile } from './read-events.ts';
import type { Disk } from './run-folder.ts';

/** Events are written to disk at the end of an epoch and whenever so many characters have gathered. */
const flushAt = 1 << 16;

export interface EventRecorder {
  /** Makes both files. */
  begin(): Promise<void>;
  /** Takes an event; it is on the disk at the end of its epoch. */
  readonly listener: Listener;
  /** Writes one more event and all that waits. Throws what the disk throws. */
  end(event: RunEvent): void;
  /** Writes all that waits. Throws what the disk throws. */
  flush(): void;
  /** What of events.jsonl is on the disk. */
  written(): Written;
}

/** `folder` is the one under construction. */
export const recordEvents = (disk: Disk, folder: string): EventRecorder => {
  const paths = { events: join(folder, eventsFile), history: join(folder, 'history.csv') } as const;
  const pending = { events: '', history: '' };
  const hash = createHash('sha256');
  let bytes = 0;
  const record = (event: RunEvent): void => {
    pending.events += `${JSON.stringify(event)}\n`;
    if (event.type === 'epoch_finished') pending.history += historyRow(event);
  };
  const flush = (): void => {
    for (const key of ['events', 'history'] as const) {
      if (pending[key] === '') continue;
      disk.appendFile(paths[key], pending[key]);
      if (key === 'events') {
        hash.update(pending.events);
        bytes += Buffer.byteLength(pending.events);
      }
      pending[key] = '';
    }
  };
  return {
    begin: async () => {
      await disk.writeFile(paths.history, historyHeader);
      await disk.writeFile(paths.events, '');
    },
    listener: (event) => {
      record(event);
      if (event.type !== 'epoch_finished' && pending.events.length < flushAt) return;
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
    written: () => ({ bytes, sha256: hash.copy().digest('hex') }),
  };
};
