// View: which pipeline and run, on what, how large.
import { Box } from 'ink';
import { count } from '../../report/figures.ts';
import type { Widths } from '../layout.ts';
import type { RunState, UiState } from '../ui-state.ts';
import { Styled, useGlyphs } from './styled.tsx';

const splits = ({ started: { images } }: RunState): string =>
  [
    `${count(images.train)} train`,
    images.validation > 0 && `${count(images.validation)} validation`,
    images.test > 0 && `${count(images.test)} test`,
  ]
    .filter(Boolean)
    .join(', ');

/** Rows of the head. */
export const headRows = ({ run }: UiState, { narrow }: Widths): number => (run ? (narrow ? 3 : 2) : 1);

export const Head = ({ state, widths: { narrow } }: { state: UiState; widths: Widths }) => {
  const { dot } = useGlyphs();
  const { run } = state;
  const several = state.runNames.length > 1 ? ` (${state.runNumber} of ${state.runNames.length})` : '';
  return (
    <Box flexDirection="column">
      <Styled>
        <Styled bold>{`tlp ${state.pipeline}`}</Styled>
        {run && ` ${dot} run `}
        {run && <Styled bold>{run.started.run}</Styled>}
        {run &&
          `${several}${narrow ? '' : ` ${dot} ${run.started.model} on ${run.started.engine} (${run.started.device})`}`}
      </Styled>
      {run && narrow && <Styled dim>{`${run.started.model} on ${run.started.engine} (${run.started.device})`}</Styled>}
      {run && (
        <Styled dim>
          {`${count(run.started.parameters.total)} parameters, ${count(run.trainable)} trainable`}
          {narrow ? '' : ` ${dot} ${splits(run)} images`}
        </Styled>
      )}
    </Box>
  );
};
