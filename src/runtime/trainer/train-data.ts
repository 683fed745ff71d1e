// Verb: opened source and plan → which images each purpose uses.
import type { TrainableRun } from '../../compiler/plan/trainable.ts';
import type { Source } from '../data/source.ts';
import { probeIndices, shuffled, splitIndices } from '../data/split.ts';
import type { TrainData } from './trainer.ts';

/** Images of the probe: as many as validation has, within these bounds, so that both are measured about as exactly. */
const probeSize = { least: 64, most: 5000 };

/** Throws DataError where a side of a split would be empty. */
export const trainDataOf = ({ data, seed }: Pick<TrainableRun, 'data' | 'seed'>, source: Source): TrainData => {
  const labels = { train: source.train.labels, test: source.test.labels };
  const { train, validation, test } = splitIndices(data, labels);
  const size = Math.min(Math.max(validation?.indices.length ?? 0, probeSize.least), probeSize.most);
  return {
    classes: source.classes,
    train,
    validation,
    test,
    probe: probeIndices(train, labels.train, size),
    shuffled: (epoch) => shuffled(train, seed, epoch),
  };
};
