// Training by tlp beside the same by Keras: how far apart, and what is too far.
import type { Score } from '../../../src/runtime/events.ts';
import type { KerasTrained, Trained } from './train-case.ts';

/** `forward`: relative to the largest probability; scores: absolute. */
export const bound = { forward: 1e-4, score: 2e-3 };

export interface Compared {
  readonly what: string;
  readonly off: number;
  readonly allowed: number;
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const apart = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? largest(a.map((value, i) => value - b[i]!)) : Number.POSITIVE_INFINITY;

const scoresApart = (a: Score, b: Score): number => apart([a.loss, a.accuracy], [b.loss, b.accuracy]);

/** Forward pass, the epochs as they went, and the evaluation behind each run. */
export const compare = (ours: Trained, theirs: KerasTrained): readonly Compared[] => {
  const forward = {
    what: 'forward pass',
    off: apart(ours.start, theirs.start) / largest(theirs.start),
    allowed: bound.forward,
  };
  const runs = Object.entries(theirs.runs).flatMap(([name, wanted]) => {
    const run = ours.runs[name];
    if (run === undefined)
      return [{ what: `${name}, which was not trained`, off: Number.POSITIVE_INFINITY, allowed: 0 }];
    const epochs = wanted.epochs.map((epoch, i) => scoresApart(run.epochs[i]!, epoch));
    return [
      { what: `${name}, epochs`, off: largest(epochs), allowed: bound.score },
      { what: `${name}, evaluation`, off: scoresApart(run.test, wanted.test), allowed: bound.score },
    ];
  });
  return [forward, ...runs];
};
