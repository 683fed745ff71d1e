// The honest gap in one sentence: train probe against validation, held against the noise of their sizes, and what to do.
import { percent, points } from './figures.ts';

/** What is known when a verdict is asked for. Accuracies are shares 0..1, sizes are numbers of images. */
export interface GapFacts {
  /** Accuracy on the train probe, dropout and augmentation off. */
  readonly train: number;
  /** Mean loss on the train probe. */
  readonly trainLoss: number;
  /** Accuracy on validation at the same moment; null when the pipeline holds nothing back. */
  readonly validation: number | null;
  readonly probeImages: number;
  readonly validationImages: number;
  readonly classes: number;
  /** False while the run still trains: low accuracy is then "still learning", not underfitting. */
  readonly finished: boolean;
}

export type VerdictName =
  | 'unknown'
  | 'significant_overfitting'
  | 'learning'
  | 'exploded'
  | 'underfitting'
  | 'agree'
  | 'slight_overfitting'
  | 'overfitting'
  | 'validation_easier';

export interface Verdict {
  readonly name: VerdictName;
  readonly tone: 'good' | 'fair' | 'bad' | 'unknown';
  /** train - validation accuracy, -1..1; null without validation. */
  readonly gap: number | null;
  /** Half the width of the 95% interval of the gap, 0..1; null without validation. */
  readonly noise: number | null;
  /** One sentence with its figures, without a final full stop. */
  readonly sentence: string;
}

/** Upper ends (inclusive) of the ranges of the gap, in shares: the ticks of the gauge. */
export const GAP_LEVELS = { agree: 0.02, slight: 0.05, noticeable: 0.1 } as const;

/**
 * Half-width of the 95% interval of the difference of two measured accuracies, 0..1.
 *
 * A share p measured on n images has the standard error sqrt(p(1-p)/n): 80 validation images at 90% are uncertain by
 * 6.6 points either way. Both sizes count, since probe and validation are different images. p(1-p) is 0 at p = 1, which would
 * call one wrong image of 20 a certain gap; so one success and one failure are added to each sample (Agresti and Caffo,
 * "Simple and effective confidence intervals for proportions and differences of proportions", 2000).
 */
export const gapNoise = (train: number, probeImages: number, validation: number, validationImages: number): number => {
  const variance = (share: number, images: number): number => {
    const adjusted = (share * images + 1) / (images + 2);
    return (adjusted * (1 - adjusted)) / (images + 2);
  };
  return 1.96 * Math.sqrt(variance(train, probeImages) + variance(validation, validationImages));
};

/** Below half way between guessing and perfect an accuracy is low (a rule of thumb): 0.55 for 10 classes, 0.75 for 2. */
export const lowAccuracy = (classes: number): number => (1 + 1 / Math.max(1, classes)) / 2;

/** The cross-entropy of guessing each class as often as the others. */
const guessingLoss = (classes: number): number => Math.log(Math.max(2, classes));

/** Fewer images tell nothing: one wrong answer of nine is eleven points. */
const FEW = 10;

interface Measured {
  readonly facts: GapFacts;
  readonly validation: number;
  readonly gap: number;
  readonly noise: number;
}

interface Row {
  readonly name: VerdictName;
  readonly tone: Verdict['tone'];
  readonly holds: (m: Measured) => boolean;
  readonly sentence: (m: Measured) => string;
}

/** Guards against 0.1 - 0.08 = 0.020000000000000004: a gap on the boundary belongs to the milder side. */
const EPSILON = 1e-9;
const above = (value: number, limit: number): boolean => value > limit + EPSILON;
const certain = ({ gap, noise }: Measured): boolean => above(Math.abs(gap), noise);
const figures = ({ facts, validation }: Measured): string =>
  `train ${percent(facts.train)}, validation ${percent(validation)}`;
const low = ({ facts }: Measured): boolean => above(lowAccuracy(facts.classes), facts.train);
const lossFigure = (loss: number): string => `${+loss.toPrecision(3)}`;
const size = ({ noise }: Measured): string => (noise * 100).toFixed(1);

/** First row that holds is the verdict. A gap inside the noise is never called one, whatever its size. */
const rows: readonly Row[] = [
  {
    name: 'significant_overfitting',
    tone: 'bad',
    holds: (m) => certain(m) && above(m.gap, GAP_LEVELS.noticeable),
    sentence: (m) =>
      `significant overfitting: ${figures(m)}; add augmentation or dropout, freeze more layers, or stop earlier`,
  },
  {
    name: 'learning',
    tone: 'unknown',
    holds: (m) => low(m) && !m.facts.finished,
    sentence: (m) => `still learning: ${figures(m)}`,
  },
  {
    name: 'exploded',
    tone: 'bad',
    // a network that learns slowly guesses; one whose steps were too long is sure of what is wrong
    holds: (m) => low(m) && above(m.facts.trainLoss, 2 * guessingLoss(m.facts.classes)),
    sentence: (m) =>
      `the loss exploded to ${lossFigure(m.facts.trainLoss)}, where guessing has ${lossFigure(guessingLoss(m.facts.classes))}: lower the learning rate (${figures(m)})`,
  },
  {
    name: 'underfitting',
    tone: 'bad',
    holds: low,
    sentence: (m) =>
      `underfitting: ${figures(m)}; train longer, raise the learning rate, unfreeze layers or take a larger network`,
  },
  {
    name: 'validation_easier',
    tone: 'fair',
    holds: (m) => certain(m) && above(-m.gap, GAP_LEVELS.agree),
    sentence: (m) => `validation is easier than train: ${figures(m)}; check how the split is made`,
  },
  {
    name: 'agree',
    tone: 'good',
    holds: (m) => !above(Math.abs(m.gap), GAP_LEVELS.agree),
    sentence: (m) => `train and validation agree: ${figures(m)}`,
  },
  {
    name: 'agree',
    tone: 'good',
    holds: (m) => !certain(m),
    sentence: (m) =>
      `no gap beyond noise: ${figures(m)}, but ${m.facts.validationImages} images measure it only to ${size(m)} points`,
  },
  {
    name: 'slight_overfitting',
    tone: 'fair',
    holds: (m) => !above(m.gap, GAP_LEVELS.slight),
    sentence: (m) => `slight overfitting, as is usual: ${figures(m)}`,
  },
  {
    name: 'overfitting',
    tone: 'fair',
    holds: () => true,
    sentence: (m) => `overfitting: ${figures(m)}; a little more augmentation or dropout would narrow it`,
  },
];

/** The verdict on a gap. Without validation, or with figures that are not numbers, it is `unknown` and says why. */
export const verdict = (facts: GapFacts): Verdict => {
  const { train, validation } = facts;
  const unknown = (sentence: string): Verdict => ({
    name: 'unknown',
    tone: 'unknown',
    gap: null,
    noise: null,
    sentence,
  });
  if (validation === null) return unknown('no validation images, so overfitting cannot be seen');
  if (!Number.isFinite(train) || !Number.isFinite(validation)) return unknown('no gap: the accuracies are not numbers');
  if (facts.validationImages < FEW) {
    const images =
      facts.validationImages === 1 ? 'one validation image is' : `${facts.validationImages} validation images are`;
    return unknown(
      `${images} too few to tell: train ${percent(train)}, validation ${percent(validation)}; set more aside`,
    );
  }
  const gap = train - validation;
  const noise = gapNoise(train, facts.probeImages, validation, facts.validationImages);
  const measured: Measured = { facts, validation, gap, noise };
  const row = rows.find(({ holds }) => holds(measured))!;
  return { name: row.name, tone: row.tone, gap, noise, sentence: row.sentence(measured) };
};

/** The gap in points with the noise of its measurement: `+3.1 points, noise 2.4`. */
export const gapFigure = ({ gap, noise }: Verdict): string =>
  gap === null || noise === null ? '-' : `${points(gap)}, noise ${(noise * 100).toFixed(1)}`;
