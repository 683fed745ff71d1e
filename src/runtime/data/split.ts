// Verb: which images each purpose uses: limits, validation split, probe, and the order of an epoch.
import { trainCount } from '../../compiler/leaf/train-count.ts';
import type { TrainableData } from '../../compiler/plan/trainable.ts';
import { stream } from '../random.ts';
import { DataError } from './source.ts';

/** Images of one split, in the order to visit. */
export interface SplitPart {
  readonly split: 'train' | 'test';
  readonly indices: Uint32Array;
}

export interface Splits {
  /** To train on: the train split without its validation part. */
  readonly train: Uint32Array;
  readonly validation: SplitPart | null;
  /** Indices of the test split; empty when the source has none. */
  readonly test: Uint32Array;
}

/** Class of each image, by split. */
export interface Labels {
  readonly train: Uint16Array;
  readonly test: Uint16Array;
}

/** The indices of each class, in their order. */
const byClass = (indices: Uint32Array, labels: Uint16Array): number[][] => {
  const classes = new Map<number, number[]>();
  for (const index of indices) {
    const label = labels[index]!;
    const members = classes.get(label);
    if (members) members.push(index);
    else classes.set(label, [index]);
  }
  return [...classes.entries()].sort(([a], [b]) => a - b).map(([, members]) => members);
};

/** `total` over classes of these sizes, each its share: largest remainders, ties to the lower class (Hamilton's method). */
const apportion = (sizes: readonly number[], total: number): readonly number[] => {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = sizes.map((size) => (size * total) / all);
  const counts = wanted.map(Math.floor);
  const rest = total - counts.reduce((sum, count) => sum + count, 0);
  const remainders = wanted.map((want, c) => want - counts[c]!);
  const byRemainder = remainders.map((_, c) => c).sort((a, b) => remainders[b]! - remainders[a]! || a - b);
  for (const c of byRemainder.slice(0, rest)) counts[c]!++;
  return counts;
};

/**
 * A fixed part of `size` images (all where there are no more), each class with the share it has in `indices`
 * (largest remainders; ties to the lower class), spread evenly over the class, in rising order.
 */
export const balancedPart = (indices: Uint32Array, labels: Uint16Array, size: number): Uint32Array => {
  if (size >= indices.length) return indices.slice();
  const classes = byClass(indices, labels);
  const counts = apportion(
    classes.map(({ length }) => length),
    size,
  );
  const chosen = classes.flatMap((members, c) =>
    Array.from({ length: counts[c]! }, (_, i) => members[Math.floor(((i + 0.5) * members.length) / counts[c]!)]!),
  );
  return Uint32Array.from(chosen).sort();
};

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

const splitOff = (indices: Uint32Array, labels: Uint16Array, fraction: number, stratified: boolean) => {
  const kept = trainCount(indices.length, fraction);
  if (!stratified) return { train: indices.slice(0, kept), validation: indices.slice(kept) };
  const classes = byClass(indices, labels);
  const apart = apportion(
    classes.map(({ length }) => length),
    indices.length - kept,
  );
  const parts = classes.map((members, c) => {
    // every class has something to be learned from
    const at = Math.max(1, members.length - apart[c]!);
    return { train: members.slice(0, at), validation: members.slice(at) };
  });
  return {
    train: Uint32Array.from(parts.flatMap(({ train }) => train)).sort(),
    validation: Uint32Array.from(parts.flatMap(({ validation }) => validation)).sort(),
  };
};

/**
 * Takes the limits first (each class keeps its share), then the validation part: the last fraction of the train split
 * before any shuffling as Keras does, or the last images of each class, which has its share of them. Throws DataError where a side is empty.
 */
export const splitIndices = (data: Pick<TrainableData, 'limit' | 'validation'>, labels: Labels): Splits => {
  const limited = (split: 'train' | 'test'): Uint32Array =>
    balancedPart(all(labels[split].length), labels[split], data.limit[split] ?? Number.POSITIVE_INFINITY);
  const [train, test] = [limited('train'), limited('test')];
  if (train.length === 0) throw new DataError('the data have no images to train on');
  const { validation } = data;
  switch (validation.kind) {
    case 'none':
      return { train, validation: null, test };
    case 'test':
      if (test.length === 0) throw new DataError('validation uses the test split, but the data have no test images');
      return { train, validation: { split: 'test', indices: test }, test };
    case 'fraction': {
      const { fraction, stratified } = validation;
      const parts = splitOff(train, labels.train, fraction, stratified);
      const empty = parts.train.length === 0 ? 'train' : parts.validation.length === 0 ? 'validation' : null;
      if (empty !== null)
        throw new DataError(
          `validation ${+(fraction * 100).toPrecision(6)}% of ${train.length} train images leaves none for ${empty}. Use another share or more images.`,
        );
      return { train: parts.train, validation: { split: 'train', indices: parts.validation }, test };
    }
  }
};

/** A new order of `indices` for an epoch (from 1): Fisher-Yates on the stream (seed, 'shuffle', epoch). */
export const shuffled = (indices: Uint32Array, seed: number, epoch: number): Uint32Array => {
  const draw = stream(seed, 'shuffle', epoch);
  const order = indices.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
};

/** The probe: a fixed part of the train indices, each class with its share, on which the honest train score is measured. */
export const probeIndices = (train: Uint32Array, labels: Uint16Array, size: number): Uint32Array =>
  balancedPart(train, labels, size);
