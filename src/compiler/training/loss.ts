// The loss as graph nodes. Formulas: docs/facts/keras.md, "Losses".
import type { Builder, Formulas } from '../graph/builder.ts';
import { fixed } from '../graph/dims.ts';
import type { LayersModel } from '../layers/layers.ts';

/**
 * Mean over the batch of -sum labels log softmax(logits). Smoothing a: labels (1 - a) + a / classes. With class weights each
 * image counts by the weight of its class and the sum is still divided by the number of images, as in Keras. Labels are class
 * shares: the loss is linear in them, so that of a mixed image is the mixture of the losses that it has under each of its classes.
 */
export const crossEntropy = (
  f: Formulas,
  b: Builder,
  logits: string,
  labels: string,
  smoothing: number,
  classWeights: readonly number[] | null,
): string => {
  const classes = fixed(b.shape(logits)[1]);
  const logs = b.add({ op: 'LogSoftmax', axis: 1 }, [logits]);
  const weighted = classWeights === null ? labels : f.mul(labels, b.constant(classWeights, [1, classes]));
  // labels sum to 1, weighted ones to the weight of the image
  const total = (): string | number => (classWeights === null ? 1 : f.sum(weighted, [1], true));
  const soft = smoothing === 0 ? weighted : f.add(f.mul(weighted, 1 - smoothing), f.mul(total(), smoothing / classes));
  return f.mean(f.neg(f.sum(f.mul(soft, logs), [1])), [0]);
};

/** l1 sum |w| + l2 sum w^2 of every weight that asks for it. */
export const penalties = (
  f: Formulas,
  b: Builder,
  model: LayersModel,
  present: (weight: string) => boolean,
): readonly string[] =>
  model.layers
    .flatMap((layer) => layer.weights)
    .flatMap(({ name, regularizer }) => {
      if (regularizer === null || !present(name)) return [];
      const axes = [...b.shape(name).keys()];
      return [
        ...(regularizer.l1 === 0 ? [] : [f.mul(f.sum(f.abs(name), axes), regularizer.l1)]),
        ...(regularizer.l2 === 0 ? [] : [f.mul(f.sum(f.mul(name, name), axes), regularizer.l2)]),
      ];
    });
