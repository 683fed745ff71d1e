// Noun and verb: nobody reads standard output any more (`tlp … | head`), which is no failure: the command is told, so that it ends in order.

let ending: AbortController | null = null;

/** A signal that is aborted when the reader is gone. The command then ends by itself: it stays in charge of its exit code. */
export const untilReaderGone = (): AbortSignal => {
  ending ??= new AbortController();
  return ending.signal;
};

/** Tells the command; false where it did not ask to be told, and the process may end at once. */
export const readerGone = (): boolean => {
  ending?.abort();
  return ending !== null;
};
