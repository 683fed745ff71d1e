// Verb: the keyboard of a terminal that a frame is drawn on → Ctrl-C, Ctrl-Z and Ctrl-\ as ever; all else is neither shown nor left to the shell.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Keyboard {
  /** The terminal shows again what is typed. */
  release(): void;
}

const CTRL_C = 3;
const CTRL_Z = 26;
const CTRL_BACKSLASH = 28;

/** Process group of this process, and that in front of its terminal: proc(5), fields 5 and 8 of stat; elsewhere ps says it. */
const groups = (): readonly (string | undefined)[] => {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[2], fields[5]];
  } catch {
    const { pid } = process;
    return execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', `${pid}`], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  }
};

/** A process behind may not change its terminal: the system would stop it. */
const inFront = (): boolean => {
  try {
    const [own, front] = groups();
    return own !== undefined && own === front;
  } catch {
    return false;
  }
};

/** Null where nobody types: no terminal, or the process is not in front of it. */
export const watchKeyboard = (onInterrupt: () => void): Keyboard | null => {
  const { stdin } = process;
  if (!stdin.isTTY || !inFront()) return null;
  const take = (): void => void stdin.setRawMode(true);
  const giveBack = (): void => {
    // a terminal that is closed takes nothing any more
    if (!stdin.destroyed) stdin.setRawMode(false);
  };
  const actions: Readonly<Record<number, () => void>> = {
    [CTRL_C]: onInterrupt,
    [CTRL_Z]: () => {
      giveBack();
      process.kill(0, 'SIGTSTP');
    },
    [CTRL_BACKSLASH]: () => {
      giveBack();
      process.kill(process.pid, 'SIGQUIT');
    },
  };
  const onData = (bytes: Buffer): void => {
    for (const byte of bytes) actions[byte]?.();
  };
  const onContinue = (): void => {
    if (inFront()) take();
  };
  const ignore = (): void => {};
  take();
  stdin.on('data', onData);
  stdin.on('error', ignore);
  stdin.unref();
  process.on('SIGCONT', onContinue);
  return {
    release: () => {
      process.off('SIGCONT', onContinue);
      stdin.off('data', onData);
      stdin.pause();
      giveBack();
    },
  };
};
