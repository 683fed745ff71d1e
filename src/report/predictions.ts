// Verb: predictions → text: a table for people, JSON lines, or CSV. Each image is printed as it comes.
import { csvLine } from '../compiler/leaf/csv.ts';
import type { Prediction, Unreadable } from '../runtime/prediction.ts';
import { percent } from './figures.ts';
import { plain } from './plain-text.ts';

export interface PredictionPrinter {
  /** What stands above. */
  readonly head: string;
  readonly predicted: (prediction: Prediction) => string;
  /** What stands in place of an image that could not be read. */
  readonly unreadable: (image: Unreadable) => string;
}

export interface PredictionsToCome {
  readonly images: readonly string[];
  readonly classes: readonly string[];
  /** Classes shown of each image. */
  readonly top: number;
}

export type PredictionFormat = 'table' | 'json' | 'csv';

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, plain(text).length), 0);

const tableOf = ({ images, classes, top }: PredictionsToCome): PredictionPrinter => {
  const widths = [widest(['image', ...images]), widest(['class', ...classes]), 'confidence'.length];
  const line = (...cells: readonly string[]): string =>
    `${cells
      .map((cell, i) => plain(cell).padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  return {
    head: line('image', 'class', 'confidence', top > 1 ? 'then' : ''),
    predicted: ({ image, top: [first, ...others] }) =>
      line(
        image,
        first?.class ?? '-',
        percent(first?.confidence),
        others.map((other) => `${other.class} ${percent(other.confidence)}`).join(', '),
      ),
    unreadable: () => '',
  };
};

const jsonOf = (): PredictionPrinter => ({
  head: '',
  predicted: ({ image, top }) =>
    `${JSON.stringify({ image, class: top[0]?.class, confidence: top[0]?.confidence, top })}\n`,
  unreadable: ({ image, problem }) => `${JSON.stringify({ image, error: problem })}\n`,
});

const csvOf = ({ top }: PredictionsToCome): PredictionPrinter => {
  const others = Array.from({ length: top - 1 }, (_, i) => [`class_${i + 2}`, `confidence_${i + 2}`]).flat();
  return {
    head: csvLine(['image', 'class', 'confidence', ...others]),
    predicted: ({ image, top: shown }) => csvLine([image, ...shown.flatMap((each) => [each.class, each.confidence])]),
    unreadable: () => '',
  };
};

/** Images that could not be read stand in the JSON lines alone; the others leave them to standard error. */
export const predictionFormats: {
  readonly [F in PredictionFormat]: (coming: PredictionsToCome) => PredictionPrinter;
} = { table: tableOf, json: jsonOf, csv: csvOf };
