// View: which pipeline and run, on what, how large.
import { Box } from 'ink';
import { count } from '../../report/figures.ts';
import type { RunState, RunsState } from '../../runtime/run-state.ts';
import type { Widths } from '../layout.ts';
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
export const headRows = ({ run }: RunsState, { narrow }: Widths): number => (run ? (narrow ? 3 : 2) : 1);

export const Head = ({ state, widths: { narrow } }: { state: RunsState; widths: Widths }) => {
  const { dot } = useGlyphs();
  const { run } = state;
  const current = run?.started.run ?? state.preparing?.run;
  // The only run of a file bears the file's name.
  const name = current === state.pipeline ? undefined : current;
  const place = state.runNumber + (run ? 0 : 1);
  const several = state.runNames.length > 1 ? ` (${place} of ${state.runNames.length})` : '';
  const on = run && `${run.started.model} on ${run.started.engine} (${run.started.device})`;
  return (
    <Box flexDirection="column">
      <Styled>
        <Styled bold>{`tlp ${state.pipeline}`}</Styled>
        {name && ` ${dot} run `}
        {name && <Styled bold>{name}</Styled>}
        {name && several}
        {on && !narrow && ` ${dot} ${on}`}
      </Styled>
      {on && narrow && <Styled dim>{on}</Styled>}
      {run && (
        <Styled dim>
          {`${count(run.started.parameters.total)} parameters, ${count(run.trainable)} trainable`}
          {narrow ? '' : ` ${dot} ${splits(run)} images`}
        </Styled>
      )}
    </Box>
  );
};
