// View: how a run ended, in sentences.
import { Box } from 'ink';
import type { RunResult } from '../../runtime/events.ts';
import { Each } from './each.tsx';
import { Styled } from './styled.tsx';

export const Ending = ({ lines, status }: { lines: readonly string[]; status: RunResult['status'] }) => (
  <Box flexDirection="column" marginTop={1}>
    <Each
      items={lines}
      show={(line, i) => (
        <Styled bold={i === 0} tone={status === 'diverged' && i === 0 ? 'bad' : 'plain'}>
          {line}
        </Styled>
      )}
    />
  </Box>
);
