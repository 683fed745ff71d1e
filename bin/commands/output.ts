// Verb: how the person watches → a listener: the terminal UI, one line an epoch, or JSON lines. A run is worth more than what is said of it.
import type { Listener } from '../../src/runtime/events.ts';
import { untilOutputLost } from './output-lost.ts';

export interface Output {
  readonly listener: Listener;
  /** A frame is drawn: nobody else may write to the terminal meanwhile. */
  readonly drawn: boolean;
  /** Leaves the terminal as it was, the last frame on it. */
  done(): Promise<void>;
}

const write = (text: string): void => {
  process.stdout.write(text);
};

/** Only what is needed is loaded: React and Ink for a terminal alone. */
const open = async (json: boolean): Promise<Output> => {
  if (json) {
    const { jsonLines } = await import('../../src/report/json-lines.ts');
    return { listener: jsonLines(write), drawn: false, done: async () => {} };
  }
  if (process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.CI) {
    const { renderUi } = await import('../../src/ui/render-ui.tsx');
    return { ...renderUi(), drawn: true };
  }
  const { lines } = await import('../../src/report/lines.ts');
  return { listener: lines(write), drawn: false, done: async () => {} };
};

/** What cannot be written any more (nobody reads, the disk is full, the terminal is closed) is left out, and the run goes on. */
export const openOutput = async (json: boolean): Promise<Output> => {
  const lost = untilOutputLost();
  const output = await open(json);
  const gone = new Promise<void>((resolve) => {
    if (lost.aborted) resolve();
    else lost.addEventListener('abort', () => resolve(), { once: true });
  });
  return {
    ...output,
    listener: (event) => {
      if (!lost.aborted) output.listener(event);
    },
    // a frame that nobody takes is never drawn to its end
    done: () => Promise.race([output.done(), gone]),
  };
};
