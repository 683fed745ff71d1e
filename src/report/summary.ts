// The final sentences of a run and the table of runs, as plain text: shared by the line listener and the terminal UI.
import type { RunResult, Score } from '../runtime/events.ts';
import { isResumable } from '../runtime/run-state.ts';
import { count, duration, loss, percent, plural, points } from './figures.ts';
import { type Verdict, verdict } from './verdict.ts';

/** What a result does not say of itself and a verdict needs (from `run_started`). */
export interface RunSizes {
  readonly images: { readonly validation: number; readonly probe: number };
  readonly classes: number;
  /** Epochs the pipeline asked for, all stages together. */
  readonly epochs: number;
}

const endings: Readonly<Record<RunResult['status'], (epochs: string, result: RunResult) => string>> = {
  done: (epochs, { seconds }) => `Done: ${epochs} in ${duration(seconds)}.`,
  early_stopped: (epochs, { seconds }) => `Stopped early: ${epochs} in ${duration(seconds)}.`,
  interrupted: (epochs, { seconds }) => `Interrupted: ${epochs} in ${duration(seconds)}; what was learned is kept.`,
  failed: (epochs, { seconds, reason }) =>
    `Failed: ${epochs} in ${duration(seconds)}; what was learned is kept. ${reason}`,
  diverged: (epochs, { seconds }) =>
    `Diverged: the loss is no longer a number after ${epochs} in ${duration(seconds)}; try a smaller learning rate.`,
};

/** The verdict on a finished run. */
export const resultVerdict = (result: RunResult, { images, classes }: RunSizes): Verdict =>
  verdict({
    train: result.train.accuracy,
    trainLoss: result.train.loss,
    validation: result.validation?.accuracy ?? null,
    probeImages: images.probe,
    validationImages: images.validation,
    classes,
    finished: !isResumable(result),
  });

/** A run ended before its first evaluation has no scores: they are NaN. */
const measured = (score: Score | null): score is Score => score !== null && Number.isFinite(score.accuracy);

/** Whether a verdict on training has a meaning: something was trained, did not diverge, and was measured. */
export const isJudged = ({ status, epochs, train }: RunResult): boolean =>
  status !== 'diverged' && epochs > 0 && measured(train);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * How a finished run ended, what it reached, the verdict (where it is wanted), and where it is kept; a sentence a line. A run
 * that diverged gets no verdict: what `endings` says is its cure, and "raise the learning rate" would be the wrong one. Nor does
 * one that trained nothing, since "train longer" is no answer to `epochs 0`.
 */
export const summarize = (
  result: RunResult,
  facts: RunSizes,
  { verdict: judged }: { readonly verdict: boolean } = { verdict: true },
): readonly string[] => {
  const { status, epochs, test, validation, train, folder, reason } = result;
  const done = epochs < facts.epochs ? `${count(epochs)} of ${plural(facts.epochs, 'epoch')}` : plural(epochs, 'epoch');
  const scores = [
    measured(test) && `test accuracy ${percent(test.accuracy)} (loss ${loss(test.loss)})`,
    measured(validation) && `validation ${percent(validation.accuracy)} (loss ${loss(validation.loss)})`,
    measured(train) && `train ${percent(train.accuracy)} (loss ${loss(train.loss)})`,
  ].filter(Boolean);
  return [
    endings[status](done, result),
    ...(scores.length > 0 ? [`${capital(scores.join(', '))}.`] : []),
    ...(reason !== undefined && status !== 'failed' ? [`Not measured: ${reason}`] : []),
    ...(judged && isJudged(result) ? [`${capital(resultVerdict(result, facts).sentence)}.`] : []),
    ...(folder === '' ? [] : [`Kept in ${folder}`]),
  ];
};

/** The folder that holds the folders of all runs; null when there is none, or only one run. */
export const commonFolder = (results: readonly RunResult[]): string | null => {
  const parents = new Set(results.map(({ folder }) => folder.slice(0, Math.max(0, folder.lastIndexOf('/')))));
  const [parent = ''] = parents;
  return results.length > 1 && parents.size === 1 && parent !== '' ? parent : null;
};

/** Column heads of `resultTable`; a table too narrow drops columns from the right, but for the first. */
export const RESULT_COLUMNS = ['run', 'test', 'validation', 'train', 'gap', 'epochs', 'time', 'status', 'trainable'];

/** One row of cells a run, in the order of `RESULT_COLUMNS`; gap in points. */
export const resultTable = (results: readonly RunResult[]): readonly (readonly string[])[] =>
  results.map((run) => [
    run.name,
    percent(run.test?.accuracy),
    percent(run.validation?.accuracy),
    percent(run.train.accuracy),
    points(run.gap).replace(' points', ''),
    String(run.epochs),
    duration(run.seconds),
    run.status.replace('_', ' '),
    count(run.parameters.trainable),
  ]);

/** Column heads of `sweepTable`. */
export const SWEEP_COLUMNS = ['over the sweep', 'runs', 'test', 'spread', 'validation', 'spread'];

/** Mean, and the sample's standard deviation; null for no figure at all, a spread of null for one. */
const meanAndSpread = (values: readonly number[]): readonly [number, number | null] | null => {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, values.length < 2 ? null : Math.sqrt(squares / (values.length - 1))];
};

const accuracies = (scores: readonly (Score | null)[]): readonly number[] =>
  scores.filter(measured).map(({ accuracy }) => accuracy);

const cells = (figures: readonly [number, number | null] | null): readonly string[] => {
  const [mean, spread] = figures ?? [undefined, null];
  return [percent(mean), spread === null ? '-' : `±${(100 * spread).toFixed(1)}`];
};

/**
 * One row a run of the file that a sweep repeats: mean accuracies and their standard deviation, in points. `bases`: the name of each
 * result's run without the values of the sweep. Empty where nothing is repeated.
 */
export const sweepTable = (results: readonly RunResult[], bases: readonly string[]): readonly (readonly string[])[] =>
  [...new Set(bases)].flatMap((base) => {
    const repeated = results.filter((_, i) => bases[i] === base);
    if (repeated.length < 2) return [];
    return [
      [
        base,
        String(repeated.length),
        ...cells(meanAndSpread(accuracies(repeated.map(({ test }) => test)))),
        ...cells(meanAndSpread(accuracies(repeated.map(({ validation }) => validation)))),
      ],
    ];
  });

/**
 * Heads and rows as lines of aligned text: first column to the left, the others to the right, two spaces between. Columns that
 * do not fit into `width` characters are left out from the right.
 */
export const alignTable = (
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] => {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  let used = 0;
  const shown = widths.filter((w, i) => {
    used += w + (i === 0 ? 0 : 2);
    return i === 0 || used <= width;
  }).length;
  const line = (cells: readonly string[]): string =>
    cells
      .slice(0, shown)
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .slice(0, width)
      .trimEnd();
  return [line(heads), ...rows.map(line)];
};
