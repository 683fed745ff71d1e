// Verb: true and predicted classes → precision, recall and F1 of each class and their means, as scikit-learn's classification_report.

export interface ClassScores {
  /** Of the images predicted as this class, the share that is of it; 0 where none is predicted. */
  readonly precision: number;
  /** Of the images of this class, the share that is predicted so; 0 where there are none. */
  readonly recall: number;
  /** 2 precision recall / (precision + recall); 0 where both are 0. */
  readonly f1: number;
  /** Images. */
  readonly support: number;
}

export interface ClassificationReport {
  /** Classes of which there are images or predictions, in their order. */
  readonly classes: readonly (ClassScores & { readonly class: string })[];
  /** Every class counts alike. */
  readonly macro: ClassScores;
  /** Every class counts by its images. */
  readonly weighted: ClassScores;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Weighted by `weight` of a class; 0 where all weigh nothing. */
const meanScores = (scores: readonly ClassScores[], weight: (of: ClassScores) => number): ClassScores => {
  const total = scores.reduce((sum, of) => sum + weight(of), 0);
  const mean = (value: (of: ClassScores) => number): number =>
    ratio(
      scores.reduce((sum, of) => sum + value(of) * weight(of), 0),
      total,
    );
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
    support: scores.reduce((sum, { support }) => sum + support, 0),
  };
};

/** `truth`, `predicted`: class index of each image. As scikit-learn with `zero_division=0`. */
export const classificationReport = (
  truth: readonly number[],
  predicted: readonly number[],
  classes: readonly string[],
): ClassificationReport => {
  const counts = classes.map(() => ({ right: 0, truth: 0, predicted: 0 }));
  for (const [i, label] of truth.entries()) {
    const guess = predicted[i]!;
    counts[label]!.truth += 1;
    counts[guess]!.predicted += 1;
    if (label === guess) counts[label]!.right += 1;
  }
  const scores = classes.flatMap((name, label) => {
    const of = counts[label]!;
    if (of.truth + of.predicted === 0) return [];
    const f1 = ratio(2 * of.right, of.truth + of.predicted);
    return [
      {
        class: name,
        precision: ratio(of.right, of.predicted),
        recall: ratio(of.right, of.truth),
        f1,
        support: of.truth,
      },
    ];
  });
  return { classes: scores, macro: meanScores(scores, () => 1), weighted: meanScores(scores, (of) => of.support) };
};
