// Verb: probabilities of one image → its most likely class, and whether a class is among the most likely ones.

/** Of equal ones the first. */
export const mostLikely = (probabilities: Float32Array): number => {
  let best = 0;
  for (let label = 1; label < probabilities.length; label++) {
    if (probabilities[label]! > probabilities[best]!) best = label;
  }
  return best;
};

/** Whether `label` is among the `k` most likely classes; of equal ones the earlier is more likely. */
export const isInTop = (probabilities: Float32Array, label: number, k: number): boolean => {
  const own = probabilities[label]!;
  const above = probabilities.reduce(
    (count, value, other) => count + (value > own || (value === own && other < label) ? 1 : 0),
    0,
  );
  return above < k;
};
