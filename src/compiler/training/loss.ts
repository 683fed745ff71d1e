// The loss as graph nodes. Formulas: keras-semantics, section 4.
import type { Builder, Formulas } from '../graph/builder.ts';
import { fixed } from '../graph/dims.ts';
import type { LayersModel } from '../layers/layers.ts';

/**
 * Mean over the batch of -sum labels log softmax(logits). Smoothing a: labels (1 - a) + a / classes. With class weights each
 * image counts by the weight of its class and the sum is still divided by the number of images, as in Keras.
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
  const soft = smoothing === 0 ? labels : f.add(f.mul(labels, 1 - smoothing), smoothing / classes);
  const logs = b.add({ op: 'LogSoftmax', axis: 1 }, [logits]);
  const each = f.neg(f.sum(f.mul(soft, logs), [1]));
  if (classWeights === null) return f.mean(each, [0]);
  const weights = f.sum(f.mul(labels, b.constant(classWeights, [1, classes])), [1]);
  return f.mean(f.mul(each, weights), [0]);
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
