// View: how far the run and its epoch are, how fast, and how long it still takes.
import { Box } from 'ink';
import { duration, loss, percent, plural, rate, speed } from '../../report/figures.ts';
import type { Activity, Preparing, RunState } from '../../runtime/run-state.ts';
import type { Widths } from '../layout.ts';
import { epochSecondsLeft, epochShare, runShare, secondsLeft, waitingShare } from '../measures.ts';
import { Bar } from './bar.tsx';
import { Each } from './each.tsx';
import { Styled, useGlyphs } from './styled.tsx';

const LABEL = 7;

interface LineProps {
  readonly label: string;
  readonly share: number;
  readonly text: string;
  readonly widths: Widths;
}

/** Label, bar, per cent, and what it means: beside the bar, or below it on a narrow terminal. */
const Line = ({ label, share, text, widths }: LineProps) => (
  <Box flexDirection="column">
    <Styled>
      {label.padEnd(LABEL)}
      <Bar share={share} width={widths.bar} />
      {` ${percent(share, 0).padStart(4)}`}
      {widths.narrow ? '' : `  ${text}`}
    </Styled>
    {widths.narrow && <Styled>{`${' '.repeat(LABEL)}${text}`}</Styled>}
  </Box>
);

const left = (seconds: number | null): string => (seconds === null ? 'estimating time' : `${duration(seconds)} left`);

const WHAT: Readonly<Record<string, string>> = { train: 'train probe', validation: 'validation', test: 'test' };

/** What the epoch's line says the trainer is doing. */
const doing = (activity: Activity, run: RunState, now: number): string => {
  switch (activity.kind) {
    case 'preparing':
      return `${activity.what}, ${duration(now - activity.since)}`;
    case 'evaluating':
      return `evaluating ${WHAT[activity.what] ?? activity.what}, ${activity.step} of ${activity.steps}`;
    case 'training':
      return `step ${run.step?.step ?? 0} of ${run.steps}, ${left(epochSecondsLeft(run, now))}`;
    case 'finished':
      return 'finished';
  }
};

/** Rows of the progress at most, whatever the run is doing. */
export const progressRows = ({ narrow }: Widths): number => (narrow ? 6 : 3);

export const Progress = ({ run, widths, now }: { run: RunState; widths: Widths; now: number }) => {
  const { dot } = useGlyphs();
  const { activity, step, epoch, started } = run;
  const waiting = waitingShare(run);
  const ended = run.clock.epochsDone >= run.clock.epochs;
  const stage = started.stages.length > 1 && run.stage !== null && !widths.narrow ? ` (${run.stage})` : '';
  const place = epoch === 0 ? plural(started.epochs, 'epoch') : `epoch ${epoch} of ${run.clock.epochs}${stage}`;
  const where = started.epochs === 0 ? 'nothing to train' : place;
  const evaluatingTest = activity.kind === 'evaluating' && activity.what === 'test';
  const share = evaluatingTest ? activity.step / Math.max(1, activity.steps) : epochShare(run);
  const figures = [
    step && `${speed(step.images_per_second)} images/s`,
    waiting !== null && `${percent(waiting, 0)} waiting${widths.narrow ? '' : ' for data'}`,
    run.learningRate !== null && `learning rate ${rate(run.learningRate)}`,
    step && !widths.narrow && `loss ${loss(step.loss)}`,
  ].filter(Boolean);
  const rows = (widths.narrow ? [figures.slice(0, 2), figures.slice(2)] : [figures]).filter((row) => row.length > 0);
  return (
    <Box flexDirection="column" marginTop={1}>
      <Line
        label="run"
        share={runShare(run)}
        text={ended || activity.kind === 'preparing' ? where : `${where}, ${left(secondsLeft(run, now))}`}
        widths={widths}
      />
      {activity.kind === 'preparing' ? (
        <Styled>{`${' '.repeat(LABEL)}${doing(activity, run, now)}`}</Styled>
      ) : (
        <Line
          label={evaluatingTest ? 'test' : 'epoch'}
          share={share}
          text={doing(activity, run, now)}
          widths={widths}
        />
      )}
      <Each items={rows} show={(row) => <Styled dim>{`${' '.repeat(LABEL)}${row.join(` ${dot} `)}`}</Styled>} />
    </Box>
  );
};

/** Before a run starts: what takes so long. */
export const Preparation = ({ preparing, widths, now }: { preparing: Preparing; widths: Widths; now: number }) => (
  <Box marginTop={1} flexDirection="column">
    {preparing.share !== null && <Bar share={preparing.share} width={widths.bar} />}
    <Styled>
      {preparing.share === null ? `${preparing.what}, ${duration(now - preparing.since)}` : preparing.what}
    </Styled>
  </Box>
);
