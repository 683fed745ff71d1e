// Noun and verb: standard output cannot be written any more: nobody reads it (`tlp … | head`), its disk is full, its terminal is closed.

/** Commands that asked to be told: they end, or go on, by themselves, and stay in charge of their exit code. */
const told = { readerGone: null as AbortController | null, anything: null as AbortController | null };

/** Aborted when nobody reads any more, which is no failure. */
export const untilReaderGone = (): AbortSignal => {
  told.readerGone ??= new AbortController();
  return told.readerGone.signal;
};

/** Aborted when nothing can be written, whatever the reason: for a command whose output is not what it is for. */
export const untilOutputLost = (): AbortSignal => {
  told.anything ??= new AbortController();
  return told.anything.signal;
};

/** Standard output failed with this code of the system. What the command does: nothing asks to be told, and the process may end at once. */
export const outputLost = (code: string | undefined): 'goes on' | 'ends in order' | 'nothing' => {
  if (told.anything !== null) {
    told.anything.abort();
    return 'goes on';
  }
  if (code !== 'EPIPE' || told.readerGone === null) return 'nothing';
  told.readerGone.abort();
  return 'ends in order';
};
