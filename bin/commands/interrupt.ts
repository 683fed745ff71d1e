// Verb: Ctrl-C → an AbortSignal; a second Ctrl-C ends the process at once.
import { exitCode } from './fail.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @param onFirst said once, when the run begins to end
 * @param onSecond what must be done before the process ends; synchronous
 */
export const catchInterrupt = (onFirst: () => void, onSecond: () => void): Interrupt => {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(exitCode.interrupted);
    }
    controller.abort();
    onFirst();
  };
  // A reader that goes away (tlp run … | head) ends the run as Ctrl-C does.
  const brokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  process.stdout.on('error', brokenPipe);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, interrupt);
      process.stdout.off('error', brokenPipe);
    },
  };
};
