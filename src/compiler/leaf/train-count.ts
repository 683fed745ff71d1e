// Verb: how many images a validation share leaves to train on.

/**
 * Keras' `validation_split`: floor(count * (1 - fraction)), the first ones before any shuffling. What floating point loses does not count:
 * 30 % of 90 leave 63, where 90 * (1 - 0.3) is 62.99999999999999.
 */
export const trainCount = (count: number, fraction: number): number =>
  Math.floor(count * (1 - fraction) + 1e-9 * count);
