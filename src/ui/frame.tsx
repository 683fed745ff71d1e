// View: one whole frame of the terminal UI, a pure function of state, size, time and theme.
import { Box } from 'ink';
import { alignTable, commonFolder, SWEEP_COLUMNS, summarize, sweepTable } from '../report/summary.ts';
import type { RunState, RunsState } from '../runtime/run-state.ts';
import { roomsFor, type Widths, widthsFor } from './layout.ts';
import { currentVerdict } from './measures.ts';
import type { Theme } from './theme.ts';
import { Charts } from './views/charts.tsx';
import { Ending } from './views/ending.tsx';
import { Gap, gapLines } from './views/gap.tsx';
import { Head, headRows } from './views/head.tsx';
import { Notes, noteLines } from './views/notes.tsx';
import { Preparation, Progress, progressRows } from './views/progress.tsx';
import { Results } from './views/results.tsx';
import { ThemeContext } from './views/styled.tsx';
import { wrapWords } from './wrap.ts';

export interface FrameProps {
  readonly state: RunsState;
  readonly columns: number;
  readonly rows: number;
  /** Seconds on the clock of the events. */
  readonly now: number;
  readonly theme: Theme;
}

/** How the run ended, in lines; the verdict stands below the gauge already. None while it runs. */
const endingLines = ({ started, result }: RunState, state: RunsState, { width }: Widths): readonly string[] => {
  if (!result) return [];
  const { results, baseNames, runNames } = state;
  const folder = commonFolder(results) ?? result.folder;
  const facts = { images: started.images, classes: started.classes.length, epochs: started.epochs };
  const repeated = results.length === runNames.length ? sweepTable(results, baseNames) : [];
  return [
    ...(repeated.length > 0 ? [...alignTable(SWEEP_COLUMNS, repeated, width), ''] : []),
    ...summarize({ ...result, folder }, facts, { verdict: false }).flatMap((sentence) => wrapWords(sentence, width)),
  ];
};

export const Frame = ({ state, columns, rows, now, theme }: FrameProps) => {
  const { run } = state;
  const widths = widthsFor(columns);
  const results = state.runNames.length > 1 ? state.results : [];
  const verdict = run && currentVerdict(run);
  const gap = verdict ? gapLines(verdict, widths) : [];
  const ending = run ? endingLines(run, state, widths) : [];
  const notes = run ? noteLines(run, widths) : [];
  const main = run?.result
    ? ending.length + 1
    : run
      ? progressRows(widths) + 1
      : state.preparing?.share != null
        ? 4
        : 2;
  const rooms = roomsFor(rows, widths.narrow, {
    fixed: headRows(state, widths) + main,
    gap: gap.length > 0 ? gap.length + 1 : 0,
    charts: run !== null && run.history.length > 0,
    notes: notes.map(({ lines }) => lines.length),
    results: results.length,
  });
  return (
    <ThemeContext.Provider value={theme}>
      <Box flexDirection="column" width={widths.width}>
        <Head state={state} widths={widths} />
        {state.preparing && <Preparation preparing={state.preparing} widths={widths} now={now} />}
        {run && !run.result && <Progress run={run} widths={widths} now={now} />}
        {run && rooms.chart > 0 && <Charts run={run} widths={widths} height={rooms.chart} />}
        {verdict && rooms.gap && <Gap verdict={verdict} lines={gap} widths={widths} />}
        {rooms.notes > 0 && <Notes notes={notes.slice(-rooms.notes)} />}
        {rooms.results > 0 && <Results results={results.slice(-rooms.results)} width={widths.width} />}
        {run?.result && <Ending lines={ending} status={run.result.status} />}
      </Box>
    </ThemeContext.Provider>
  );
};
