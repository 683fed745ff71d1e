// Verb: how the person watches → a listener: the terminal UI, one line an epoch, or JSON lines.
import type { Listener } from '../../src/runtime/events.ts';

export interface Output {
  readonly listener: Listener;
  /** Leaves the terminal as it was, the last frame on it. */
  done(): Promise<void>;
}

const write = (text: string): void => {
  process.stdout.write(text);
};

/** Only what is needed is loaded: React and Ink for a terminal alone. */
export const openOutput = async (json: boolean): Promise<Output> => {
  if (json) {
    const { jsonLines } = await import('../../src/report/json-lines.ts');
    return { listener: jsonLines(write), done: async () => {} };
  }
  if (process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.CI) {
    const { renderUi } = await import('../../src/ui/render-ui.tsx');
    return renderUi();
  }
  const { lines } = await import('../../src/report/lines.ts');
  return { listener: lines(write), done: async () => {} };
};
