// Verb: an evaluation → text for people, or one object for programs.
import type { ClassScores } from '../runtime/metrics/classification-report.ts';
import type { Evaluation } from '../runtime/metrics/evaluation.ts';
import { count, loss, percent, plural } from './figures.ts';
import { plain } from './plain-text.ts';
import { alignTable } from './summary.ts';

const cells = (name: string, { precision, recall, f1, support }: ClassScores): readonly string[] => [
  plain(name),
  precision.toFixed(4),
  recall.toFixed(4),
  f1.toFixed(4),
  count(support),
];

const titles: Readonly<Record<Evaluation['measured'], string>> = {
  test: 'test split',
  validation: 'validation split',
  train: 'train split',
  folder: 'folder of images',
};

/** What the run measured when it ended stands beside what was found where the two are not the same to the last bit. */
const recordedLine = ({ recorded, score }: Evaluation): readonly string[] =>
  recorded === null || (Object.is(recorded.loss, score.loss) && recorded.accuracy === score.accuracy)
    ? []
    : [
        `The run itself measured accuracy ${percent(recorded.accuracy)}, loss ${recorded.loss}: on another machine or device.`,
      ];

/** `run`: its folder. */
export const printEvaluation = (run: string, evaluation: Evaluation): string => {
  const { measured, images, score, top5, report } = evaluation;
  const five = top5 === null ? '' : `, top-5 accuracy ${percent(top5)}`;
  const rows = [
    ...report.classes.map((scores) => cells(scores.class, scores)),
    ['', '', '', '', ''],
    cells('macro average', report.macro),
    cells('weighted average', report.weighted),
  ];
  const lines = [
    `${plain(run)} on ${plural(images, 'image')} of the ${titles[measured]}`,
    `Accuracy ${percent(score.accuracy, 2)}${five}, loss ${loss(score.loss)}.`,
    ...recordedLine(evaluation),
    '',
    ...alignTable(['class', 'precision', 'recall', 'f1', 'images'], rows, Number.POSITIVE_INFINITY),
  ];
  return `${lines.join('\n')}\n`;
};

/** Unrounded. */
export const evaluationJson = (run: string, { measured, images, score, top5, report, recorded }: Evaluation): string =>
  `${JSON.stringify({
    run,
    measured,
    images,
    loss: score.loss,
    accuracy: score.accuracy,
    top_5: top5,
    classes: report.classes,
    macro_average: report.macro,
    weighted_average: report.weighted,
    recorded,
  })}\n`;
