// Verb: is this value of the monitor better than the best so far? Keras' rule for all callbacks.

/** Which way is better. */
export type Mode = 'min' | 'max';

/**
 * Keras 3 `MonitorCallback._is_improvement`: nothing to compare with is an improvement; otherwise `min`: value + |delta| < best,
 * `max`: value - |delta| > best.
 */
export const isImprovement = (value: number, best: number | null, minDelta: number, mode: Mode): boolean => {
  if (best === null) return true;
  const delta = Math.abs(minDelta);
  return mode === 'min' ? value + delta < best : value - delta > best;
};
