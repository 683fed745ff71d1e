// Verb: Ctrl-C → an AbortSignal; a second Ctrl-C ends the process at once.
import { exitCode } from './fail.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

/**
 * Ends the process without unloading the engine: its worker may be inside a step of many seconds, and unloading it there ends in an
 * abort. Exit listeners run; then the default action of SIGINT, which a shell sees as 130 as well.
 */
const endNow = (): never => {
  process.once('exit', () => {
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, 'SIGINT');
  });
  return process.exit(exitCode.interrupted);
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param onFirst said once, when the run begins to end */
export const catchInterrupt = (onFirst: () => void): Interrupt => {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) endNow();
    controller.abort();
    onFirst();
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
};
