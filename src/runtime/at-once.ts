// Verb: work on each of some items → all of it done, a few at the same time.

/** As many as Node has threads for files and decoders. */
const AT_ONCE = 4;

/** Calls `work` with 0 to `count` - 1, in this order, and waits for the promises that it gives. Rejects with the first that is broken. */
export const atOnce = async (count: number, work: (index: number) => void | Promise<void>): Promise<void> => {
  let next = 0;
  const some = async (): Promise<void> => {
    while (next < count) {
      const working = work(next++);
      if (working !== undefined) await working;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
};
