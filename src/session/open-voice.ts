// Verb: listeners → one; and what a run says before its folder is there is kept for the folder.
import type { Listener, RunEvent } from '../runtime/events.ts';
import type { RunFolder } from '../runtime/run-folder/run-folder.ts';

/** One listener that tells all others, in their order. */
export const tellAll =
  (listeners: readonly Listener[]): Listener =>
  (event) => {
    for (const listener of listeners) listener(event);
  };

export interface Voice {
  /** Tells the listeners now, and the folder now or as soon as there is one. */
  readonly say: Listener;
  /** From here on the folder records events: first what was said so far. */
  record(folder: Pick<RunFolder, 'listener'>): void;
}

/** The voice of one run. */
export const openVoice = (listeners: readonly Listener[]): Voice => {
  const tell = tellAll(listeners);
  const early: RunEvent[] = [];
  let folder: Pick<RunFolder, 'listener'> | null = null;
  return {
    say: (event) => {
      if (folder === null) early.push(event);
      else folder.listener(event);
      tell(event);
    },
    record: (opened) => {
      folder = opened;
      for (const event of early) opened.listener(event);
    },
  };
};
