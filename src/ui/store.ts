// The state between listener and screen: every event is taken at once, the screen is told ten times a second at most.
import { initialState, reduce, type TimedEvent, type UiState } from './ui-state.ts';

/** Milliseconds between two frames: ten a second are smooth to the eye and cost the training nothing. */
export const FRAME_MILLISECONDS = 100;

export interface Store {
  dispatch(timed: TimedEvent): void;
  /** Tells the screen now what it was not told yet. */
  flush(): void;
  snapshot(): UiState;
  subscribe(changed: () => void): () => void;
}

/** `later` runs a function after so many milliseconds (setTimeout; a fake in tests). */
export const createStore = (later: (task: () => void, milliseconds: number) => void): Store => {
  let latest = initialState;
  let shown = initialState;
  let waiting = false;
  const listeners = new Set<() => void>();
  const flush = (): void => {
    waiting = false;
    if (shown === latest) return;
    shown = latest;
    for (const changed of listeners) changed();
  };
  return {
    dispatch: (timed) => {
      latest = reduce(latest, timed);
      if (waiting) return;
      waiting = true;
      later(flush, FRAME_MILLISECONDS);
    },
    flush,
    snapshot: () => shown,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
};
