// Verb: the limits of this process → which of them is too low for an engine, in one line with the cure: V8 would end it with a stack trace.
import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

/** Bytes of addresses that Node, two workers and an engine reserve: Node 20 was seen to abort at 2.5e9, and to train at 2.8e9. */
const ADDRESSES = 2.7e9;
/** Bytes of V8's heap with its reserves: a small run was seen to abort at 65e6 (--max-old-space-size=14), and to train at 71e6. */
const HEAP = 68e6;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/** Null where there is none, or the system does not say. */
const addressLimit = (): number | null => {
  try {
    const line = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return line && Number(line[1]);
  } catch {
    return null;
  }
};

/** Null where there is room for a small run. */
export const memoryTooLow = (): string | null => {
  const addresses = addressLimit();
  if (addresses !== null && addresses < ADDRESSES) {
    const limit = `this process may use ${gigabytes(addresses)} of addresses (ulimit -v)`;
    return `${limit}, and an engine needs ${gigabytes(ADDRESSES)}: allow more (ulimit -v unlimited)`;
  }
  const { heap_size_limit: heap } = getHeapStatistics();
  if (heap >= HEAP) return null;
  return `Node's heap is limited to ${Math.floor(heap / 1e6)} MB: allow more (--max-old-space-size=1000 in NODE_OPTIONS)`;
};
