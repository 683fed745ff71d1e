// Renders the frame of a state as text.
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { createElement } from 'react';
import type { RunsState } from '../../src/runtime/run-state.ts';
import { Frame } from '../../src/ui/frame.tsx';
import type { Theme } from '../../src/ui/theme.ts';

export const PLAIN: Theme = { color: false, unicode: true };

/** The frame as text without colour codes, lines without trailing blanks. */
export const frame = (
  { state, now }: { readonly state: RunsState; readonly now: number },
  columns: number,
  rows = 50,
  theme: Theme = PLAIN,
): string =>
  stripVTControlCharacters(renderToString(createElement(Frame, { state, columns, rows, now, theme }), { columns }))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
