// How much of the screen each part gets: pure arithmetic on columns and rows, so that a frame never outgrows the terminal.

/** Widths, in characters: they follow from the columns alone. */
export interface Widths {
  readonly width: number;
  /** Below 60 columns: parts stand below each other and words are left out. */
  readonly narrow: boolean;
  /** Of the plot of one chart, without its axis. */
  readonly chart: number;
  /** Of a progress bar and of the gauge. */
  readonly bar: number;
}

/** Characters in front of a plot: the axis labels and the axis. */
export const AXIS = 8;

export const widthsFor = (columns: number): Widths => {
  const width = Math.max(20, Math.min(columns, 120));
  const narrow = width < 60;
  return {
    width,
    narrow,
    chart: narrow ? width - AXIS : Math.floor((width - 4) / 2) - AXIS,
    bar: narrow ? Math.max(6, width - 14) : Math.min(40, width - 48),
  };
};

/** What wants rows. Every block brings the empty line above it. */
export interface Wanted {
  /** Rows of head, progress or ending. */
  readonly fixed: number;
  /** Rows of the gauge and its verdict; 0 when there is none. */
  readonly gap: number;
  /** Whether there is an epoch to draw. */
  readonly charts: boolean;
  /** Rows of each note, the latest last. */
  readonly notes: readonly number[];
  readonly results: number;
}

/** What has room. */
export interface Rooms {
  readonly gap: boolean;
  /** Rows of a plot; 0: no charts. */
  readonly chart: number;
  /** The latest so many notes and results. */
  readonly notes: number;
  readonly results: number;
}

/** Rows of the charts besides the plots: titles, epochs, legend, empty line. */
const chartRows = (height: number, narrow: boolean): number => (narrow ? 2 * (height + 2) : height + 2) + 2;

/** How many of the latest blocks fit into `room` rows, an empty line above them included. */
const latestThatFit = (heights: readonly number[], room: number, most: number): number => {
  let used = 1;
  let fitting = 0;
  for (const height of heights.slice(-most).reverse()) {
    used += height;
    if (used > room) break;
    fitting++;
  }
  return fitting;
};

/**
 * Shares out the rows of the terminal: Ink erases the whole screen when a frame is as high as it, which flickers, so a frame
 * stays one row lower. The gap comes first, then charts of four rows, three results, two notes; what is left lets them grow.
 */
export const roomsFor = (rows: number, narrow: boolean, wanted: Wanted): Rooms => {
  let free = Math.max(0, rows - 1 - wanted.fixed);
  const take = (size: number): boolean => {
    if (size > free) return false;
    free -= size;
    return true;
  };
  const gap = take(wanted.gap);
  const small = wanted.charts ? ([4, 3].find((height) => take(chartRows(height, narrow))) ?? 0) : 0;
  const tables = wanted.results > 0 ? Math.min(wanted.results, 3, Math.max(0, free - 2)) : 0;
  if (tables > 0) free -= tables + 2;
  const notes = latestThatFit(wanted.notes, free, 2);
  if (notes > 0) free -= 1 + wanted.notes.slice(-notes).reduce((sum, height) => sum + height, 0);
  const grown = [8, 7, 6, 5].find((height) => small > 0 && take(chartRows(height, narrow) - chartRows(small, narrow)));
  const more = tables > 0 ? Math.min(wanted.results - tables, free) : 0;
  free -= more;
  const before = notes > 0 ? latestThatFit(wanted.notes.slice(0, -notes), free + 1, 4 - notes) : 0;
  return { gap, chart: grown ?? small, notes: notes + before, results: tables + more };
};
