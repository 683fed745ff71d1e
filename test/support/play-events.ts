// Plays a script of timed events up to a moment: the state then.
import { initialState, type RunsState, reduce } from '../../src/runtime/run-state.ts';
import type { Timed } from './fake-run.ts';

/** The state after the events up to and including the first that `last` holds for; all of them without `last`. */
export const play = (
  script: readonly Timed[],
  last: (timed: Timed) => boolean = () => false,
): { readonly state: RunsState; readonly now: number } => {
  const index = script.findIndex(last);
  const played = index < 0 ? script : script.slice(0, index + 1);
  return { state: played.reduce(reduce, initialState), now: played.at(-1)?.at ?? 0 };
};
