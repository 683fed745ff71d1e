// Noun and verb: how a run is told to end: signals and keys → an AbortSignal, and the end at once of a person who presses Ctrl-C twice.
import { exitCode } from './fail.ts';
import { hangUpAtEnd } from './hang-up.ts';
import { type Keyboard, watchKeyboard } from './keyboard.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives signals and keyboard back. */
  release(): void;
}

export interface Answers {
  /** Said once, when the run begins to end; `person`: somebody at the terminal asked for it. */
  readonly onEnd: (person: boolean) => void;
  /** A person wants nothing kept: called before the process ends. */
  readonly onGiveUp: () => void;
}

/** Who asks: a person by Ctrl-C, anybody by a signal, or the terminal that closes. */
type Asked = 'person' | 'signal' | 'terminal';

/** Milliseconds: Ctrl-C comes twice where a program between (npx) hands it on. */
const ONE_PRESS = 300;

/** Whether a stream of this process is a terminal: only then are there people who press keys, and a terminal that may close. */
const atTerminal = (): boolean => [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);

/**
 * What each signal means. A scheduler sends what it likes in what order it likes (SIGTERM, then SIGINT, then SIGHUP): all of it asks for the
 * same, an end that keeps the run. A run without a terminal goes on when one closes: that is what nohup is for, and Node takes no notice
 * of a SIGHUP that was ignored before it started.
 */
const meaning: Readonly<Record<'SIGINT' | 'SIGTERM' | 'SIGHUP', () => Asked | null>> = {
  SIGINT: () => (atTerminal() ? 'person' : 'signal'),
  SIGTERM: () => 'signal',
  SIGHUP: () => (atTerminal() ? 'terminal' : null),
};

const names = Object.keys(meaning) as readonly (keyof typeof meaning)[];

/**
 * Ends the process without unloading the engine: its worker may be inside a step of many seconds, and unloading it there ends in an
 * abort. Exit listeners run; then the default action of SIGINT, which a shell sees as 130 as well.
 */
const endNow = (): never => {
  process.once('exit', () => {
    for (const name of names) process.removeAllListeners(name);
    process.kill(process.pid, 'SIGINT');
  });
  return process.exit(exitCode.interrupted);
};

/** `keys`: read the keyboard, which then shows nothing of what is typed. */
export const catchInterrupt = ({ onEnd, onGiveUp }: Answers, keys: boolean): Interrupt => {
  const controller = new AbortController();
  let pressed: number | null = null;
  const ask = (asked: Asked | null): void => {
    if (asked === null) return;
    if (asked === 'terminal') hangUpAtEnd();
    const now = performance.now();
    if (asked === 'person' && pressed !== null && now - pressed > ONE_PRESS) {
      onGiveUp();
      keyboard?.release();
      endNow();
    }
    const first = !controller.signal.aborted || (asked === 'person' && pressed === null);
    if (asked === 'person') pressed ??= now;
    controller.abort();
    if (first) onEnd(asked === 'person');
  };
  const listeners = names.map((name) => [name, () => ask(meaning[name]())] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  const keyboard: Keyboard | null = keys ? watchKeyboard(() => ask('person')) : null;
  return {
    signal: controller.signal,
    release: () => {
      keyboard?.release();
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
};
