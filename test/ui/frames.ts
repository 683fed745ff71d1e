// Plays a script of timed events up to a moment and renders the frame of that moment as text.
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { createElement } from 'react';
import { Frame } from '../../src/ui/frame.tsx';
import type { Theme } from '../../src/ui/theme.ts';
import { initialState, reduce, type UiState } from '../../src/ui/ui-state.ts';
import type { Timed } from '../support/fake-run.ts';

/** The state after the events up to and including the first that `last` holds for; all of them without `last`. */
export const play = (
  script: readonly Timed[],
  last: (timed: Timed) => boolean = () => false,
): { readonly state: UiState; readonly now: number } => {
  const index = script.findIndex(last);
  const played = index < 0 ? script : script.slice(0, index + 1);
  return { state: played.reduce(reduce, initialState), now: played.at(-1)?.at ?? 0 };
};

export const PLAIN: Theme = { color: false, unicode: true };

/** The frame as text without colour codes, lines without trailing blanks. */
export const frame = (
  { state, now }: { readonly state: UiState; readonly now: number },
  columns: number,
  rows = 50,
  theme: Theme = PLAIN,
): string =>
  stripVTControlCharacters(renderToString(createElement(Frame, { state, columns, rows, now, theme }), { columns }))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
