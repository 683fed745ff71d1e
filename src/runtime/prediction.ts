// Noun and verb: what a network says of an image: the classes that it holds most likely.

export interface Guess {
  readonly class: string;
  /** Probability, 0..1. */
  readonly confidence: number;
}

export interface Prediction {
  /** The file, as it was named. */
  readonly image: string;
  /** The most likely first. */
  readonly top: readonly Guess[];
}

/** An image that could not be read. */
export interface Unreadable {
  readonly image: string;
  /** One line with cause and cure. */
  readonly problem: string;
}

/** The `count` most likely classes; of equal ones the earlier first. `probabilities`: one for each class. */
export const topClasses = (probabilities: Float32Array, classes: readonly string[], count: number): readonly Guess[] =>
  classes
    .map((name, index): Guess => ({ class: name, confidence: probabilities[index] ?? 0 }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, count);
