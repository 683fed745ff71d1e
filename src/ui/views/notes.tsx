// View: what the callbacks did lately.
import { Box } from 'ink';
import type { RunState } from '../../runtime/run-state.ts';
import type { Widths } from '../layout.ts';
import { wrapWords } from '../wrap.ts';
import { Each } from './each.tsx';
import { Styled } from './styled.tsx';

const LABEL = 10;

export interface NoteLines {
  readonly label: string;
  readonly lines: readonly string[];
  readonly bad: boolean;
}

/** The notes broken into lines, the latest last. Saving a checkpoint is routine and left out. */
export const noteLines = ({ notes }: RunState, { width }: Widths): readonly NoteLines[] =>
  notes
    .filter(({ name }) => name !== 'checkpoint')
    .map(({ epoch, name, message }) => ({
      label: `epoch ${epoch}`,
      lines: wrapWords(message, width - LABEL),
      bad: name === 'diverged',
    }));

export const Notes = ({ notes }: { notes: readonly NoteLines[] }) => (
  <Box flexDirection="column" marginTop={1}>
    <Each
      items={notes.flatMap(({ lines, ...note }) => lines.map((line, i) => ({ ...note, line, first: i === 0 })))}
      show={({ label, line, bad, first }) => (
        <Styled tone={bad ? 'bad' : 'plain'}>
          <Styled dim>{(first ? label : '').padEnd(LABEL)}</Styled>
          {line}
        </Styled>
      )}
    />
  </Box>
);
