// View: loss and accuracy of the train probe and of validation, epoch by epoch.
import { Box } from 'ink';
import { useContext } from 'react';
import { loss, percent } from '../../report/figures.ts';
import type { EpochPoint, RunState } from '../../runtime/run-state.ts';
import { accuracyRange, drawCurves, lossRange, type Series, spanFor } from '../curves.ts';
import { AXIS, type Widths } from '../layout.ts';
import { Each } from './each.tsx';
import { Styled, ThemeContext, useGlyphs } from './styled.tsx';

const TONES = ['train', 'validation'] as const;

interface ChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly low: number;
  readonly high: number;
  /** Axis labels at the upper and the lower edge. */
  readonly labels: readonly [string, string];
  readonly span: number;
  /** Characters and rows of the plot. */
  readonly width: number;
  readonly height: number;
}

const Chart = ({ title, series, low, high, labels, span, width, height }: ChartProps) => {
  const { unicode } = useContext(ThemeContext);
  const { axis } = useGlyphs();
  const rows = drawCurves(series, { width, height, low, high, span, glyphs: unicode ? 'braille' : 'ascii' });
  const label = (row: number): string => (row === 0 ? labels[0] : row === height - 1 ? labels[1] : '');
  const last = `epoch ${span}`;
  return (
    <Box flexDirection="column" width={AXIS + width}>
      <Styled bold>{`${' '.repeat(AXIS)}${title}`}</Styled>
      <Each
        items={rows}
        show={(pieces, row) => (
          <Styled>
            <Styled dim>{`${label(row).padStart(AXIS - 2)} ${axis}`}</Styled>
            <Each
              items={pieces}
              show={({ text, series: number }) => (
                <Styled tone={number === null ? 'plain' : TONES[number]}>{text}</Styled>
              )}
            />
          </Styled>
        )}
      />
      <Styled dim>{`${' '.repeat(AXIS)}1${last.padStart(Math.max(0, width - 1))}`}</Styled>
    </Box>
  );
};

/** The latest figures: of the result, which may be those of restored weights, else of the latest epoch. */
const Legend = ({ run, indent }: { run: RunState; indent: number }) => {
  const { solid, dashed } = useGlyphs();
  const last = run.result ?? run.history.at(-1);
  if (!last) return null;
  return (
    <Styled>
      {' '.repeat(indent)}
      <Styled tone="train">{`${solid} train`}</Styled>
      {` ${percent(last.train.accuracy)}`}
      {last.validation && <Styled tone="validation">{`   ${dashed} validation`}</Styled>}
      {last.validation && ` ${percent(last.validation.accuracy)}`}
    </Styled>
  );
};

/** One value an epoch from the first; a run that goes on where it was killed has none for those before. */
const byEpoch = (history: readonly EpochPoint[], value: (point: EpochPoint) => number | null): Series => {
  const values: (number | null)[] = Array.from({ length: history.at(-1)?.epoch ?? 0 }, () => null);
  for (const point of history) values[point.epoch - 1] = value(point);
  return values;
};

/** Of a run with at least one finished epoch; `height` is the rows of a plot. */
export const Charts = ({ run, widths, height }: { run: RunState; widths: Widths; height: number }) => {
  const { history, clock } = run;
  const pick = (figure: 'loss' | 'accuracy'): readonly Series[] => {
    const train = byEpoch(history, (point) => point.train[figure]);
    const validation = byEpoch(history, (point) => point.validation?.[figure] ?? null);
    return validation.some((value) => value !== null) ? [train, validation] : [train];
  };
  const span = spanFor(history.at(-1)?.epoch ?? 0, clock.epochs, run.result !== null);
  const losses = pick('loss');
  const { low, high, logarithmic } = lossRange(losses);
  const scale = (value: number): number => (logarithmic ? Math.log10(Math.max(value, low)) : value);
  const scaled = losses.map((values) => values.map((value) => (value === null ? null : scale(value))));
  const accuracies = pick('accuracy');
  const range = accuracyRange(accuracies);
  return (
    <Box flexDirection="column" marginTop={1}>
      <Box flexDirection={widths.narrow ? 'column' : 'row'} columnGap={4}>
        <Chart
          title={logarithmic ? 'loss (logarithmic)' : 'loss'}
          series={scaled}
          low={scale(low)}
          high={scale(high)}
          labels={[loss(high), loss(low)]}
          span={span}
          width={widths.chart}
          height={height}
        />
        <Chart
          title="accuracy"
          series={accuracies}
          {...range}
          labels={[percent(range.high, 0), percent(range.low, 0)]}
          span={span}
          width={widths.chart}
          height={height}
        />
      </Box>
      <Legend run={run} indent={widths.narrow ? 0 : AXIS} />
    </Box>
  );
};
