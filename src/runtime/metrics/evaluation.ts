// Noun: how good a network is on labelled images.
import type { Score } from '../events.ts';
import type { ClassificationReport } from './classification-report.ts';

/** What was measured on: a split of data, or a folder with one folder of images for each class. */
export type Measured = 'test' | 'validation' | 'train' | 'folder';

export interface Evaluation {
  readonly measured: Measured;
  readonly images: number;
  readonly score: Score;
  /** Share of images whose class is among the five most likely; null where there are no more classes than that. */
  readonly top5: number | null;
  readonly report: ClassificationReport;
  /** What the run itself measured on the same images when it ended; null where that is not known. */
  readonly recorded: Score | null;
}
