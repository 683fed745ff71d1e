// View: the finished runs of a comparison in a table.
import { Box } from 'ink';
import { alignTable, RESULT_COLUMNS, resultTable } from '../../report/summary.ts';
import type { RunResult } from '../../runtime/events.ts';
import { Each } from './each.tsx';
import { Styled } from './styled.tsx';

export const Results = ({ results, width }: { results: readonly RunResult[]; width: number }) => (
  <Box flexDirection="column" marginTop={1}>
    <Each
      items={alignTable(RESULT_COLUMNS, resultTable(results), width)}
      show={(row, i) => <Styled dim={i === 0}>{row}</Styled>}
    />
  </Box>
);
