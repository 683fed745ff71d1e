// The state between listener and screen: every event is taken at once, the screen is told ten times a second at most.
import { initialState, type RunsState, reduce, type TimedEvent } from '../runtime/run-state.ts';

/** Milliseconds between two frames: ten a second are smooth to the eye and cost the training nothing. */
export const FRAME_MILLISECONDS = 100;

export interface Store {
  dispatch(timed: TimedEvent): void;
  /** Shows now what was not shown yet. */
  flush(): void;
}

/** `later` runs a task after so many milliseconds (setTimeout; a fake in tests); `show` draws a state. */
export const createStore = (
  later: (task: () => void, milliseconds: number) => void,
  show: (state: RunsState) => void,
): Store => {
  let latest = initialState;
  let shown = initialState;
  let waiting = false;
  const flush = (): void => {
    waiting = false;
    if (shown === latest) return;
    shown = latest;
    show(shown);
  };
  return {
    dispatch: (timed) => {
      latest = reduce(latest, timed);
      if (waiting) return;
      waiting = true;
      later(flush, FRAME_MILLISECONDS);
    },
    flush,
  };
};
