// Verb: how many images a validation share leaves to train on.

/** Keras' `validation_split`: floor(count * (1 - fraction)), the first ones before any shuffling. */
export const trainCount = (count: number, fraction: number): number => Math.floor(count * (1 - fraction));
