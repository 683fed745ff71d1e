// Verb: read a stream one item ahead, so that the next batch is on its way while the step runs.

export interface Prefetched<T> {
  /** The next item, null at the end. Asks for the one after before it returns. */
  next(): Promise<T | null>;
  /** Milliseconds spent waiting in `next`. */
  waited(): number;
  /** Ends the stream early; what was asked for is dropped. */
  close(): Promise<void>;
}

/** Starts reading at once. */
export const prefetch = <T>(stream: AsyncIterable<T>, clock: () => number): Prefetched<T> => {
  const iterator = stream[Symbol.asyncIterator]();
  let waited = 0;
  let ended = false;
  const ask = (): Promise<IteratorResult<T>> => {
    const answer = iterator.next();
    answer.catch(() => {}); // an item nobody waits for any more must not end the process
    return answer;
  };
  let pending = ask();
  return {
    next: async () => {
      if (ended) return null;
      const from = clock();
      const answer = await pending;
      waited += clock() - from;
      if (answer.done) {
        ended = true;
        return null;
      }
      pending = ask();
      return answer.value;
    },
    waited: () => waited,
    close: async () => {
      if (ended) return;
      ended = true;
      await iterator.return?.();
    },
  };
};
