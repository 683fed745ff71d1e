// Verb: events → frames in the terminal. The only file of the room that touches the process.
import { render, Static, useStdout } from 'ink';
import { useEffect, useState } from 'react';
import type { Listener } from '../runtime/events.ts';
import { initialState, type RunsState } from '../runtime/run-state.ts';
import { Frame } from './frame.tsx';
import { createStore, FRAME_MILLISECONDS } from './store.ts';
import { type Theme, themeOf } from './theme.ts';
import { Styled, ThemeContext } from './views/styled.tsx';
import { wrapWords } from './wrap.ts';

export interface UiOptions {
  /** A terminal; default `process.stdout`. */
  readonly stdout?: NodeJS.WriteStream;
  /** Default: from `NO_COLOR`, `TERM` and the locale. */
  readonly theme?: Theme;
}

export interface Ui {
  /** Takes every event; returns at once. */
  readonly listener: Listener;
  /** Draws the last frame, leaves it on the screen and gives the terminal back. May be called more than once. */
  done(): Promise<void>;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal's size now and after every resize; 80 x 24 where it is not known. */
const useSize = (): Size => {
  const { stdout } = useStdout();
  const measure = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const resized = (): void => setSize({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
};

/** Seconds, renewed every second, so that time goes on between two slow steps. */
const useNow = (now: () => number): number => {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    timer.unref();
    return () => clearInterval(timer);
  }, []);
  return now();
};

interface AppProps {
  readonly state: RunsState;
  readonly theme: Theme;
  /** Seconds on the clock of the events. */
  readonly now: () => number;
}

/** Words stay whole; Ink's own wrapping may begin a line with a blank. */
const Warning = ({ message, columns }: { readonly message: string; readonly columns: number }) => {
  const [first = '', ...rest] = wrapWords(`${LABEL}${message}`, columns);
  return (
    <Styled>
      <Styled tone="fair">{LABEL}</Styled>
      {[first.slice(LABEL.length), ...rest].join('\n')}
    </Styled>
  );
};

const LABEL = 'warning: ';

/** The whole screen: warnings stay above, the frame is redrawn below them. */
export const App = ({ state, theme, now }: AppProps) => {
  const size = useSize();
  const time = useNow(now);
  return (
    <ThemeContext.Provider value={theme}>
      <Static items={[...state.warnings]}>
        {(message, i) => <Warning key={`${i} ${message}`} message={message} columns={size.columns} />}
      </Static>
      <Frame state={state} {...size} now={time} theme={theme} />
    </ThemeContext.Provider>
  );
};

/**
 * Starts the terminal UI. It never reads the keyboard: Ctrl-C stays a signal, and who runs the training decides what it does.
 * Text that others print with `console` appears above the frame.
 */
export const renderUi = (options: UiOptions = {}): Ui => {
  const theme = options.theme ?? themeOf(process.env, process.platform);
  const now = (): number => performance.now() / 1000;
  const app = (state: RunsState) => <App state={state} theme={theme} now={now} />;
  const instance = render(app(initialState), {
    stdout: options.stdout ?? process.stdout,
    exitOnCtrlC: false,
    maxFps: 1000 / FRAME_MILLISECONDS,
  });
  const store = createStore(
    (task, milliseconds) => setTimeout(task, milliseconds).unref(),
    (state) => instance.rerender(app(state)),
  );
  let ended: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    store.flush();
    const gone = instance.waitUntilExit();
    instance.unmount();
    await gone;
  };
  return {
    listener: (event) => {
      if (!ended) store.dispatch({ event, at: now() });
    },
    done: () => {
      ended ??= end();
      return ended;
    },
  };
};
