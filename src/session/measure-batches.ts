// Verb: labelled batches → loss, accuracy, top-5 and the report by class. The loss and what is right are the engine's own evaluation.
import type { Batch, EngineSession, Inputs } from '../runtime/engine/engine.ts';
import { classificationReport } from '../runtime/metrics/classification-report.ts';
import type { Evaluation } from '../runtime/metrics/evaluation.ts';
import { isInTop, mostLikely } from '../runtime/metrics/top-k.ts';
import { addBatch, emptySums, meanOf } from '../runtime/trainer/running-mean.ts';

const copyOf = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.slice()]));

/** Loss and right answers as in training's evaluation, and the probabilities behind them. What is constant is computed once. */
const measureBatch = async (session: EngineSession, { count, inputs, labels, masks }: Batch) => {
  const fed =
    session.features === null ? inputs : await session.embed({ count, inputs, labels: new Float32Array(0), masks });
  const evaluated = session.evaluate({ count, inputs: copyOf(fed), labels: labels.slice(), masks });
  const predicted = session.predict({ count, inputs: fed, labels: labels.slice(), masks });
  const [result, probabilities] = await Promise.all([evaluated, predicted]);
  return { result, probabilities };
};

export type Measures = Pick<Evaluation, 'images' | 'score' | 'top5' | 'report'>;

/** `nextBatch` gives null at the end; labels are one-hot over `classes`. */
export const measureBatches = async (
  session: EngineSession,
  nextBatch: () => Promise<Batch | null>,
  classes: readonly string[],
): Promise<Measures> => {
  const truth: number[] = [];
  const predicted: number[] = [];
  let sums = emptySums;
  let inTop = 0;
  for (let batch = await nextBatch(); batch !== null; batch = await nextBatch()) {
    const { count, labels } = batch;
    const { result, probabilities } = await measureBatch(session, batch);
    sums = addBatch(sums, result, count);
    for (let i = 0; i < count; i++) {
      const own = [i * classes.length, (i + 1) * classes.length] as const;
      const label = mostLikely(labels.subarray(...own));
      truth.push(label);
      predicted.push(mostLikely(probabilities.subarray(...own)));
      if (isInTop(probabilities.subarray(...own), label, 5)) inTop += 1;
    }
  }
  return {
    images: sums.count,
    score: meanOf(sums),
    top5: classes.length > 5 ? inTop / sums.count : null,
    report: classificationReport(truth, predicted, classes),
  };
};
