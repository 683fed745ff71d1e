// Verb: the terminal is closed → the process ends as one that was hung up, once its work is done.

/**
 * At its end Node 20 sets the terminal back and aborts (exit code 134) where that cannot be done. So the process ends by the signal that a closed
 * terminal sends, which is what a shell and a scheduler expect: 129.
 */
export const hangUpAtEnd = (): void => {
  if (isSet) return;
  isSet = true;
  process.once('exit', () => {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
};

let isSet = false;
